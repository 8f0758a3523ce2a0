"""Parts of the host alone."""
import unittest

from bdd_behave.protocol import failures, places
from bdd_behave.suite import definitions, selection, settings


class Argument:
    def __init__(self, text, start, end):
        self.start, self.end = start, end
        self.original = None if start < 0 else text[start:end]


class Parts(unittest.TestCase):
    def test_names_of_formatters_and_their_files(self):
        is_name = {"json", "pretty"}.__contains__
        for text, name, file in [("json", "json", ""), ("json:out:1.json", "json", "out:1.json"),
                                 ("a.b:Class", "a.b:Class", ""), ("a.b:Class:out/x", "a.b:Class", "out/x")]:
            self.assertEqual(settings.split(text, is_name), (name, file))

    def test_groups_inside_others_are_children(self):
        text = "at 12:30 😀 now"
        groups = definitions.groups(text, [Argument(text, 3, 8), Argument(text, 3, 5), Argument(text, -1, -1),
                                           Argument(text, 6, 8), Argument(text, 11, 14)])
        self.assertEqual([group.get("value") for group in groups], ["12:30", None, "now"])
        self.assertEqual([child["value"] for child in groups[0]["children"]], ["12", "30"])
        self.assertEqual((groups[2]["start"], groups[2]["end"]), (12, 15))
        self.assertEqual(groups[1], {"start": 0, "end": 0})

    def test_an_error_has_the_causes_and_the_line_of_the_project(self):
        try:
            try:
                {}["missing"]
            except KeyError as problem:
                raise ValueError("no luck") from problem
        except ValueError as problem:
            error = failures.Failures(["/nowhere"]).of("ValueError", problem)
        self.assertEqual((error["kind"], error["message"]), ("ValueError", "no luck"))
        self.assertIn("caused by KeyError: 'missing'", error["trace"])
        self.assertEqual(error["file"], places.shown(__file__))

    def test_a_text_that_cannot_be_shown_is_no_reason_to_stop(self):
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("odd")
        self.assertIn("Odd (its text cannot be shown", failures.text_of(Odd()))
        self.assertLess(len(failures.shortened("x" * 10_000_000)), 200_000)

    def test_expressions_in_the_old_form(self):
        for text, old in [("@a", "@a"), ("not ( @a )", "-@a"), ("( @a or not ( @b ) )", "@a,-@b"),
                          ("( ( @a or @b ) or @c )", None), ("( @a and @b )", None), ("not ( ( @a or @b ) )", None),
                          ("@a.*", None)]:
            self.assertEqual(selection.old_form(text), old, text)
