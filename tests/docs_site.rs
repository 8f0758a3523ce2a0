//! The site that `bdd docs` writes. How browsers show it is checked in `tests/browser`.

use crate::support::Project;
use crate::support::step_program::{naming, step_program};

const FEATURE: &str = "\
@shop
Feature: Basket
  As a *customer*

  @fast
  Scenario: put
    Given a step that passes
      | a | b |

  Rule: Discounts
    Scenario Outline: order <n>
      When <n> are ordered

      Examples: few
        | n |
        | 1 |
        | 2 |
";

fn project() -> Project {
    let project = Project::new();
    project.file("features/shop/basket.feature", FEATURE);
    project
}

#[test]
fn a_feature_has_a_page_with_its_parts() {
    let project = project();
    let title = project
        .path("")
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    project
        .bdd(["docs", "site"])
        .exits(0)
        .stderr("")
        .stdout("site: 1 feature, 3 scenarios, 2 tags\n");
    let page = project.read("site/features/shop/basket.html");
    for part in [
        &format!("<title>Basket · {title}</title>"),
        "<p>As a <em>customer</em></p>",
        "<a href=\"../../tags/shop.html\">@shop</a>",
        "<small>Scenario</small> put",
        "<b>Given</b> a step that passes<div class=scroll><table><tr><td dir=auto>a</td>",
        "<small>Rule</small> Discounts",
        "<small>Scenario Outline</small> order <var>n</var>",
        "<th scope=col dir=auto>n</th>",
        "default-src &#39;none&#39;",
    ] {
        let part = part.replace("&#39;", "'");
        assert!(page.contains(&part), "{part}\n{page}");
    }
    assert!(!page.contains("Last result"), "no run is on record");
    assert!(
        project
            .read("site/index.html")
            .contains("<a href=\"features/shop/basket.html\">Basket</a>")
    );
    assert!(
        project
            .read("site/tags.html")
            .contains("<a href=\"tags/fast.html\">@fast</a> <small>1 scenario</small>")
    );
    assert!(!project.path("site/steps.html").exists());
}

#[test]
fn only_selected_scenarios_are_there() {
    let project = project();
    project
        .bdd(["docs", "site", "--tags", "@fast", "--title", "Fast <ones>"])
        .exits(0)
        .stdout("site: 1 feature, 1 scenario, 2 tags\n");
    let page = project.read("site/features/shop/basket.html");
    assert!(
        page.contains("put") && !page.contains("Discounts"),
        "{page}"
    );
    assert!(page.contains("Fast &lt;ones&gt;"));
    project
        .bdd(["docs", "site", "features/shop/basket.feature:16"])
        .exits(0);
    let page = project.read("site/features/shop/basket.html");
    assert!(
        page.contains("<td dir=auto>1</td>") && !page.contains("<td dir=auto>2</td>"),
        "{page}"
    );
    project
        .bdd(["docs", "site", "--tags", "@none"])
        .exits(4)
        .stderr_has("nothing selected");
    assert!(
        project.path("site/features/shop/basket.html").exists(),
        "the old site stays"
    );
}

#[test]
fn a_feature_without_scenarios_is_documentation_too() {
    let project = project();
    project.file(
        "features/words.feature",
        "Feature: Words\n  A *glossary*.\n",
    );
    project
        .bdd(["docs", "site"])
        .exits(0)
        .stdout("site: 2 features, 3 scenarios, 2 tags\n");
    assert!(
        project
            .read("site/features/words.html")
            .contains("<em>glossary</em>")
    );
}

#[test]
fn a_file_that_does_not_parse_stops_it() {
    let project = project();
    project.bdd(["docs", "site"]).exits(0);
    project.file("features/bad.feature", "Nothing\n");
    project.file(
        "features/new.feature",
        "Feature: New\n  Scenario: s\n    Given a\n",
    );
    project
        .bdd(["docs", "site"])
        .exits(3)
        .stdout("")
        .stderr_has("features/bad.feature:1:1");
    assert!(!project.path("site/features/new.html").exists());
    project
        .bdd(["docs", "site", "--keep-going"])
        .exits(3)
        .stdout_has("2 features");
    assert!(project.path("site/features/new.html").exists());
}

#[test]
fn a_folder_with_other_files_is_refused() {
    let project = project();
    project.file("site/mine.txt", "mine");
    project.bdd(["docs", "site"]).exits(2).stdout("").stderr(
        "error: site is not empty, and no site that bdd wrote: it has mine.txt\n\
         hint: name a new or empty folder, or move these files away\n",
    );
    for folder in [".", "features", "bdd.toml"] {
        project.file("bdd.toml", "");
        project.bdd(["docs", folder]).exits(2).stderr_has("error: ");
    }
    assert_eq!(project.read("site/mine.txt"), "mine");
    assert_eq!(project.read("features/shop/basket.feature"), FEATURE);
}

#[test]
fn a_failure_leaves_the_old_site() {
    let project = project();
    project.bdd(["docs", "site"]).exits(0);
    let before = project.read("site/index.html");
    project.file(
        "features/other.feature",
        "Feature: Other\n  Scenario: s\n    Given a\n",
    );
    // Files may not become larger than one block: no page can be written.
    project
        .bdd(["docs", "site"])
        .after_shell("ulimit -f 1")
        .exits(6)
        .stderr_has("hint: nothing was replaced; an earlier site is as it was\n");
    assert_eq!(project.read("site/index.html"), before);
    let names = std::fs::read_dir(project.path("")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().starts_with(".bdd-site")),
        "{names:?}"
    );
    project
        .bdd(["docs", "site"])
        .exits(0)
        .stdout_has("2 features");
}

#[test]
fn the_catalogue_and_the_last_results_are_there_when_they_are_known() {
    let project = Project::new();
    let program = step_program();
    project.file("bdd.toml", naming(&program));
    project.file(
        "features/a.feature",
        "Feature: A\n  Scenario: good\n    * a step that passes\n\n  Scenario: bad\n    * a step that fails with \"x\"\n",
    );
    project.bdd(["run"]).exits(1);
    project.bdd(["docs", "site"]).exits(0).stderr("");
    let page = project.read("site/features/a.html");
    for part in [">1 failed</span>", ">1 passed</span>", ">failed <small>20"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let steps = project.read("site/steps.html");
    assert!(steps.contains("^a step that passes$"));
    assert!(
        steps.contains("<a href=\"features/a.html\">features/a.feature:3</a>"),
        "{steps}"
    );
    project.bdd(["docs", "site", "--no-steps"]).exits(0);
    assert!(!project.path("site/steps.html").exists());
}

#[test]
fn without_a_built_step_program_a_note_says_so() {
    let project = Project::new();
    project.file("bdd.toml", "[steps]\ncommand = [\"/not/there\"]\n");
    project.file("features/a.feature", "Feature: A\n  Scenario: s\n    * a\n");
    project
        .bdd(["docs", "site"])
        .exits(0)
        .stderr_has("note: the site has no catalogue of steps: the step program ");
    project
        .bdd(["docs", "site", "--steps", "/not/there"])
        .exits(5);
}
