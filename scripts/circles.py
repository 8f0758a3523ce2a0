#!/usr/bin/env python3
"""Finds the files of src/ and steps/ that import each other in a circle, and exits with 1 if there are any.

    scripts/circles.py [ROOT]    checks the checkout, or the tree ROOT

An arrow A -> B means: A uses a name that B defines, by `use`, by a path such as `super::select::chosen`, or
by a glob. A re-export (`pub use`) is only a signpost: the arrow goes to the file that has the definition, and a
file that re-exports a name without using it has no arrow. Tests (`#[cfg(test)]`) are ignored. Method calls
are ignored too: they do not name the file of the method.

A parent module (`mod.rs`, `lib.rs`, or `x.rs` beside `x/`) and the modules below it are one family: the parent uses
what they do, and they use the types that it defines. So a circle that needs both an arrow from a
parent down and an arrow up to a parent is allowed, at any depth. A circle that needs only one of the two is
reported: if a sibling of `x/` needs `x/mod.rs`, which needs `x/part.rs`, which needs the sibling, then
neither can be read before the other.
"""
import collections
import pathlib
import re
import sys
import tomllib

SPACE = re.compile(r"\s+|//[^\n]*")
LITERAL = re.compile(
    r"""(?:br|cr|r)(?P<hashes>\#*)".*?"(?P=hashes)   # raw strings
    |[bc]?"(?:[^"\\]|\\.)*"                          # strings
    |b?'(?:[^'\\]|\\[^u]|\\x..|\\u\{[^}]*\})'        # characters
    |'\w+                                            # lifetimes""",
    re.DOTALL | re.VERBOSE,
)
TOKEN = re.compile(r"r\#(?P<raw>\w+)|\$?\w+|::|.", re.DOTALL)
NAMED = {"fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"}
OPENING, CLOSING = set("([{"), set(")]}")


def tokens(text):
    """The tokens of a Rust file, without comments and literals."""
    found, at = [], 0
    while at < len(text):
        if text.startswith("/*", at):
            at = after_comment(text, at)
        elif match := SPACE.match(text, at) or LITERAL.match(text, at):
            at = match.end()
        else:
            match = TOKEN.match(text, at)
            found.append(match["raw"] or match[0])
            at = match.end()
    return found


def after_comment(text, at):
    """The end of a block comment, which may hold others."""
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def is_name(token):
    return token[0].isalpha() or token[0] in "_$"


class Module:
    """A module: what it defines, imports and names. An inline module has the file of its parent."""

    def __init__(self, file, name, parent):
        self.file, self.name, self.parent = file, name, parent
        self.children = {}
        self.defined = set()
        # Name in scope -> path; the paths of globs; the names that are only handed on.
        self.imports, self.globs, self.handed_on = {}, [], set()
        # Paths of at least two parts, and single names, in the order of the file.
        self.paths, self.words = [], collections.Counter()

    @property
    def root(self):
        return self.parent.root if self.parent else self


class Reader:
    """Reads a file into a module, and the files of its `mod` lines after it."""

    def __init__(self, file, module, folder):
        self.tokens = tokens(file.read_text())
        self.at = 0
        self.items(module, folder)

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else ""

    def items(self, module, folder):
        """The items of a module, up to the brace that closes it."""
        depth = 0
        while token := self.peek():
            if token == "#" and self.peek(1) in ("[", "!"):
                attribute = self.attribute()
                if "cfg" in attribute and "test" in attribute and "not" not in attribute:
                    self.skip_item()
                continue
            if token in CLOSING and depth == 0:
                return
            depth += (token in OPENING) - (token in CLOSING)
            if token == "use":
                self.at += 1
                public = self.is_public()
                for name, path in self.use_tree(()):
                    self.imported(module, name, path, public)
                continue
            if token == "mod" and self.peek(2) in (";", "{"):
                self.module(module, folder)
                continue
            if depth == 0 and token in NAMED and is_name(self.peek(1)):
                module.defined.add(self.peek(1))
            if depth == 0 and token == "macro_rules":
                module.defined.add(self.peek(2))
            if is_name(token) and self.tokens[self.at - 1 : self.at] != ["."]:
                self.path(module)
            else:
                self.at += 1

    def is_public(self):
        """Whether the `use` before the current token hands its names on."""
        before = self.tokens[max(0, self.at - 6) : self.at - 1]
        return bool(before) and (before[-1] == "pub" or (before[-1] == ")" and "pub" in before))

    def attribute(self):
        """The tokens of an attribute."""
        start = self.at
        while self.peek() != "[":
            self.at += 1
        self.skip_group()
        return self.tokens[start : self.at]

    def skip_group(self):
        """Skips what brackets enclose."""
        depth = 0
        while token := self.peek():
            depth += (token in OPENING) - (token in CLOSING)
            self.at += 1
            if depth == 0:
                return

    def skip_item(self):
        """Skips an item with the attributes that it has beside."""
        while token := self.peek():
            if token == "#":
                self.attribute()
            elif token == "{":
                self.skip_group()
                return
            elif token in OPENING:
                self.skip_group()
            else:
                self.at += 1
                if token in (";", ","):
                    return

    def use_tree(self, before):
        """The names and paths of a `use`, up to what ends it; a glob has the name `*`."""
        path = before
        while token := self.peek():
            self.at += 1
            if token == "*":
                yield "*", path
                return
            if token == "{":
                while self.peek() not in ("}", ""):
                    yield from self.use_tree(path)
                    self.at += self.peek() == ","
                self.at += 1
                return
            if token != "::" and (token != "self" or not path):
                path += (token,)
            if self.peek() == "as":
                self.at += 2
                yield self.peek(-1), path
                return
            if self.peek() in (",", ";", "}"):
                yield path[-1], path
                return

    @staticmethod
    def imported(module, name, path, public):
        if name == "*":
            module.globs.append(path)
            return
        module.imports[name] = path
        if public:
            module.handed_on.add(name)

    def module(self, parent, folder):
        """A `mod` line, or a module with its items."""
        name = self.peek(1)
        inner = folder / name
        inline = self.peek(2) == "{"
        self.at += 3
        parent.defined.discard(name)
        if inline:
            child = Module(parent.file, name, parent)
            parent.children[name] = child
            self.items(child, inner)
            self.at += 1
            return
        for file in (folder / f"{name}.rs", inner / "mod.rs"):
            if file.exists():
                parent.children[name] = child = Module(file, name, parent)
                Reader(file, child, inner)

    def path(self, module):
        """A path in code."""
        path = [self.peek()]
        self.at += 1
        while self.peek() == "::" and is_name(self.peek(1) or "."):
            path.append(self.peek(1))
            self.at += 2
        if len(path) > 1:
            module.paths.append(tuple(path))
        module.words[path[0]] += 1


def definition(module, path, crates, inside=False, seen=frozenset()):
    """The module and the name that `path` stands for in `module`; None for a module, or a name of another crate.

    A path that came from `inside` of a module, as in `super::KEYS`, names what a macro defines if nothing else.
    """
    first, rest = path[0], path[1:]
    if (module, path) in seen:
        return None
    seen = seen | {(module, path)}
    if first in ("crate", "$crate"):
        inner = module.root
    elif first == "self":
        inner = module
    elif first == "super":
        inner = module.parent
    elif first in module.children and (rest or first not in module.defined):
        inner = module.children[first]
    elif first in module.defined:
        return module, first
    elif first in module.imports and module.imports[first][0] != first:
        return definition(module, module.imports[first] + rest, crates, seen=seen)
    elif first in crates:
        inner = crates[first]
    else:
        globbed = (definition(module, glob + path, crates, seen=seen) for glob in module.globs)
        found = (found for found in globbed if found and found[1] in found[0].defined)
        return next(found, (module, first) if inside else None)
    return definition(inner, rest, crates, True, seen) if inner and rest else None


def every(module):
    yield module
    for child in module.children.values():
        yield from every(child)


def uses(module, crates):
    """What a module uses: pairs of the module that defines it and its name there."""
    for name, path in module.imports.items():
        if name not in module.handed_on or module.words[name]:
            yield definition(module, path, crates)
    for path in [*module.paths, *((word,) for word in module.words)]:
        yield definition(module, path, crates)


def packages(root):
    """The library or program of each package in src/ and steps/: crate name and first file."""
    for manifest in sorted([root / "Cargo.toml", *(root / "steps").rglob("Cargo.toml")]):
        if "target" in manifest.relative_to(root).parts or not manifest.exists():
            continue
        settings = tomllib.loads(manifest.read_text())
        name = settings.get("lib", {}).get("name") or settings.get("package", {}).get("name")
        first = manifest.parent / "src" / "lib.rs"
        if name and first.exists():
            yield name.replace("-", "_"), first


def arrows(root):
    """Which file uses which names of which other file, and the parents of each file."""
    crates = {}
    for name, first in packages(root):
        crates[name] = Module(first, name, None)
        Reader(first, crates[name], first.parent)
    if not crates:
        raise SystemExit(f"no package with src/lib.rs in {root}")
    found, parents = collections.defaultdict(set), collections.defaultdict(set)
    for module in (module for crate in crates.values() for module in every(crate)):
        above = module.parent
        while above:
            parents[module.file].add(above.file)
            above = above.parent
        for target, name in filter(None, uses(module, crates)):
            if target.file != module.file:
                found[module.file, target.file].add(name)
    return found, parents


def knots(pairs):
    """The largest sets of files in which each reaches each other (Kosaraju's way)."""
    forward, back = collections.defaultdict(list), collections.defaultdict(list)
    for source, target in sorted(pairs):
        forward[source].append(target)
        back[target].append(source)

    def reached(start, graph, seen):
        """Files reached from `start`, the last first to be left."""
        order, stack = [], [(start, iter(graph[start]))]
        seen.add(start)
        while stack:
            file, targets = stack[-1]
            following = next((target for target in targets if target not in seen), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
        return order

    seen, order = set(), []
    for file in list(forward):
        if file not in seen:
            order += reached(file, forward, seen)
    seen = set()
    for file in reversed(order):
        if file not in seen:
            knot = reached(file, back, seen)
            if len(knot) > 1:
                yield frozenset(knot)


def circles(root):
    """Every circle: the files, and the arrows between them with their names."""
    found, parents = arrows(root)
    known = []
    # Once without the arrows up to a parent, once without those down from it: see above.
    for left_out in (lambda a, b: b in parents[a], lambda a, b: a in parents[b]):
        kept = [pair for pair in found if not left_out(*pair)]
        for knot in knots(kept):
            if not any(knot <= files for files, _ in known):
                known = [(files, lines) for files, lines in known if not files <= knot]
                inside = [pair for pair in kept if set(pair) <= knot]
                known.append((knot, {pair: found[pair] for pair in sorted(inside)}))
    return known


def main():
    root = pathlib.Path(sys.argv[1] if sys.argv[1:] else pathlib.Path(__file__).parent.parent).resolve()
    found = circles(root)
    for files, between in found:
        print(f"{len(files)} files import each other in a circle:")
        for (source, target), names in between.items():
            print(f"  {source.relative_to(root)} -> {target.relative_to(root)}: {', '.join(sorted(names))}")
    if not found:
        print("no files import each other in a circle")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
