def before_all(context): print("before all", dict(context.config.userdata))
def after_all(context): print("after all")
def before_feature(context, feature):
    print("before feature", feature.name)
    if "feature_hook_fails" in feature.tags: raise ValueError("no feature")
    if "skip_feature" in feature.tags: feature.skip("not today")
def after_feature(context, feature): print("after feature", feature.name)
def before_scenario(context, scenario):
    if "skip_me" in scenario.tags: scenario.skip("by hook")
    if "cleanup_fails" in scenario.tags:
        def bad(): raise OSError("cleanup")
        context.add_cleanup(bad)
def before_tag(context, tag):
    if tag == "hook_fails": assert False, "tag hook"
def after_scenario(context, scenario):
    if "after_hook_fails" in scenario.tags: raise KeyError("after")
