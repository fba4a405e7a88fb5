#!/usr/bin/env python3
"""schema-corpus.py SCHEMA CORPUS: rules/schema.json accepts and refuses what the C reader does (test-schema.c), but for
the files of refuse/ that say « # schéma: ne peut le dire ». TAP. The files are read as an editor reads them: YAML 1.2's
core types, nothing else."""
import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as e:
    print(f"1..0 # SKIP {e.name} is not installed")
    sys.exit(0)


class Core(yaml.BaseLoader):
    """YAML 1.2 core schema: true, false, null, numbers; « oui » and « no » are texts. Duplicate keys are refused."""


def typed(tag, pattern, first):
    Core.add_implicit_resolver(tag, re.compile(pattern), first)


typed("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF"))
typed("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", list("-+0123456789"))
typed("tag:yaml.org,2002:float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789"))
typed("tag:yaml.org,2002:null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""])
Core.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() == "true")
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))
Core.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)


def faults(validator, path):
    try:
        with open(path, encoding="utf-8") as f:
            tree = yaml.load(f, Loader=Core)
    except yaml.YAMLError as e:
        return [f"not YAML: {e}"]
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(tree)]


def main():
    schema, corpus = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")), pathlib.Path(sys.argv[2])
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    results = []
    for path in sorted(corpus.glob("*/*.yaml")):
        accept = path.parent.name == "accept"
        beyond = "# schéma: ne peut le dire" in path.read_text(encoding="utf-8")
        found = faults(validator, path)
        if accept:
            ok = not found
        elif beyond:  # a file that the schema refuses by now should lose its mark, unless the YAML itself is broken
            ok = not found or found[0].startswith("not YAML")
        else:
            ok = bool(found) and not found[0].startswith("not YAML")
        results.append((ok, f"{path.parent.name}/{path.name}", found))
    print(f"1..{len(results)}")
    for i, (ok, name, found) in enumerate(results, 1):
        print(f"{'ok' if ok else 'not ok'} {i} - {name}")
        if not ok:
            for line in found or ["the schema accepts it"]:
                print(f"# {line}")
    return 0 if all(ok for ok, _, _ in results) else 1


sys.exit(main())
