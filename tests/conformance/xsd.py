"""Checks XML files against an XML Schema: xsd.py SCHEMA FILE...

It knows what the schema of Jenkins uses, and stops at anything else: a rule that is not checked would be a promise that
nothing keeps. Exits with 1 and prints a line for each problem.
"""

import sys
import xml.etree.ElementTree as tree

XS = "{http://www.w3.org/2001/XMLSchema}"


def known(node, attributes):
    for name in node.keys():
        if name not in attributes:
            raise SystemExit(f"the schema has an unknown attribute {name} in {node.tag}")


class Element:
    """What the schema says about an element: its children, its attributes, and whether it has text."""

    def __init__(self, node):
        known(node, ["name", "type"])
        self.children = []
        self.attributes = {}
        self.has_text = node.get("type") == "xs:string"
        kinds = list(node)
        if not self.has_text:
            (kind,) = kinds
            if kind.tag != f"{XS}complexType":
                raise SystemExit(f"the schema has an unknown {kind.tag}")
            known(kind, ["mixed"])
            self.has_text = kind.get("mixed") == "true"
            for part in kind:
                self.add(part)

    def add(self, part):
        if part.tag == f"{XS}attribute":
            known(part, ["name", "type", "use"])
            if part.get("type") != "xs:string":
                raise SystemExit(f"the schema has an unknown type {part.get('type')}")
            self.attributes[part.get("name")] = part.get("use") == "required"
        elif part.tag == f"{XS}sequence":
            known(part, [])
            for child in part:
                if child.tag != f"{XS}element":
                    raise SystemExit(f"the schema has an unknown {child.tag}")
                known(child, ["ref", "minOccurs", "maxOccurs"])
                most = child.get("maxOccurs", "1")
                most = float("inf") if most == "unbounded" else int(most)
                self.children.append((child.get("ref"), int(child.get("minOccurs", "1")), most))
        else:
            raise SystemExit(f"the schema has an unknown {part.tag}")


def problems(schema, node, place):
    said = schema.get(node.tag)
    if said is None:
        yield f"{place}: unknown element"
        return
    for name in node.keys():
        if name not in said.attributes:
            yield f"{place}: unknown attribute {name}"
    for name, required in said.attributes.items():
        if required and name not in node.keys():
            yield f"{place}: no attribute {name}"
    if not said.has_text:
        texts = [node.text, *[child.tail for child in node]]
        if any(text and text.strip() for text in texts):
            yield f"{place}: it has text"
    rest = [child.tag for child in node]
    for name, least, most in said.children:
        count = 0
        while rest and rest[0] == name and count < most:
            rest.pop(0)
            count += 1
        if count < least:
            yield f"{place}: {count} of {name}"
    if rest:
        yield f"{place}: {rest[0]} is not allowed here"
    for number, child in enumerate(node):
        yield from problems(schema, child, f"{place}/{child.tag}[{number}]")


def main():
    declared = tree.parse(sys.argv[1]).getroot()
    schema = {node.get("name"): Element(node) for node in declared}
    found = False
    for path in sys.argv[2:]:
        root = tree.parse(path).getroot()
        for problem in problems(schema, root, f"{path}: {root.tag}"):
            print(problem)
            found = True
    sys.exit(1 if found else 0)


main()
