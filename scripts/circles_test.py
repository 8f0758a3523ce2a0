#!/usr/bin/env python3
"""Tests of circles.py: small trees of Rust files, and the circles that it must find in them."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import circles

MANIFEST = '[package]\nname = "house"\n'


class Circles(unittest.TestCase):
    def found(self, **files):
        """The circles in a crate of these files: `a__b` is src/a/b.rs. Each is a list of `from -> to: names`."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            (root / "Cargo.toml").write_text(MANIFEST)
            for name, text in files.items():
                file = root / "src" / f"{name.replace('__', '/')}.rs"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)

            def shown(file):
                return str(file.relative_to(root / "src"))

            return [
                [f"{shown(a)} -> {shown(b)}: {' '.join(sorted(names))}" for (a, b), names in between.items()]
                for _, between in circles.circles(root)
            ]

    def test_a_folder_without_packages_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(SystemExit):
            circles.circles(pathlib.Path(folder))

    def test_no_circle(self):
        found = self.found(lib="mod a; mod b;", a="use crate::b::B; pub struct A(B);", b="pub struct B;")
        self.assertEqual(found, [])

    def test_two_files(self):
        found = self.found(
            lib="mod a; mod b;",
            a="use super::b::{self, B as Other}; pub fn a(_: Other) { b::help() }",
            b="pub struct B; pub fn help() { crate::a::a(B) }",
        )
        self.assertEqual(found, [["a.rs -> b.rs: B help", "b.rs -> a.rs: a"]])

    def test_three_files_and_one_beside(self):
        found = self.found(
            lib="mod a; mod b; mod c; mod d;",
            a="use crate::b::B; pub struct A;",
            b="use crate::c::C; pub struct B;",
            c="use crate::a::A; use crate::d::D; pub struct C;",
            d="pub struct D;",
        )
        self.assertEqual(found, [["a.rs -> b.rs: B", "b.rs -> c.rs: C", "c.rs -> a.rs: A"]])

    def test_a_re_export_is_followed(self):
        found = self.found(
            lib="mod a; mod b; pub use b::B;", a="use crate::B; pub struct A;", b="pub struct B(crate::a::A);"
        )
        self.assertEqual(found, [["a.rs -> b.rs: B", "b.rs -> a.rs: A"]])

    def test_a_glob_is_followed(self):
        found = self.found(
            lib="mod a; mod b;", a="use crate::b::*; pub struct A(B);", b="pub struct B(crate::a::A);"
        )
        self.assertEqual(found, [["a.rs -> b.rs: B", "b.rs -> a.rs: A"]])

    def test_what_a_macro_defines_is_found(self):
        found = self.found(
            lib="mod a; mod b;",
            a="macro_rules! make { () => {} } make!(); use crate::b::B;",
            b="pub struct B(crate::a::Made);",
        )
        self.assertEqual(found, [["a.rs -> b.rs: B", "b.rs -> a.rs: Made"]])

    def test_inline_modules_belong_to_their_file(self):
        found = self.found(
            lib="mod a; mod b;",
            a="mod inner { pub(super) struct A(crate::b::B); } pub use inner::A;",
            b="pub struct B(crate::a::A);",
        )
        self.assertEqual(found, [["a.rs -> b.rs: B", "b.rs -> a.rs: A"]])

    def test_tests_comments_and_literals_are_ignored(self):
        found = self.found(
            lib="mod a; mod b;",
            a='// crate::b::B\n/* crate::b::B /* */ crate::b::B */\npub const A: &str = r#""crate::b::B"#;'
            "#[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] use crate::b::B;",
            b="use crate::a::A; pub struct B<'a>(&'a str); const C: char = '\"';",
        )
        self.assertEqual(found, [])

    def test_parent_and_child(self):
        found = self.found(lib="mod a;", a__mod="mod b; pub struct A; fn f(_: b::B) {}", a__b="pub struct B(super::A);")
        self.assertEqual(found, [])

    def test_siblings_that_meet_only_in_their_parent(self):
        found = self.found(
            lib="mod a;",
            a__mod="mod b; mod c; pub struct A; fn f(_: c::C) {}",
            a__b="pub struct B(super::A);",
            a__c="pub struct C(super::b::B);",
        )
        self.assertEqual(found, [])

    def test_grandchildren(self):
        found = self.found(
            lib="mod a; pub struct Root; fn f(_: a::A) {}",
            a="mod b; pub struct A(b::B);",
            a__b="pub struct B(crate::Root);",
        )
        self.assertEqual(found, [])

    def test_a_folder_and_its_neighbour(self):
        found = self.found(
            lib="mod a; mod d;",
            a__mod="mod b; pub struct A(b::B);",
            a__b="pub struct B(crate::d::D);",
            d="pub struct D(crate::a::A);",
        )
        self.assertEqual(found, [["a/b.rs -> d.rs: D", "a/mod.rs -> a/b.rs: B", "d.rs -> a/mod.rs: A"]])

    def test_a_neighbour_of_the_parent(self):
        found = self.found(
            lib="mod a; mod d;",
            a__mod="mod b; pub use b::B; pub struct A(crate::d::D);",
            a__b="pub struct B(super::A);",
            d="pub struct D(crate::a::B);",
        )
        self.assertEqual(found, [["a/b.rs -> a/mod.rs: A", "a/mod.rs -> d.rs: D", "d.rs -> a/b.rs: B"]])


if __name__ == "__main__":
    unittest.main()
