"""The options of a proof: numbers with their defaults, and --short that replaces some of them."""

import argparse


def options(name, doc, arguments, numbers, short, more=None):
    """Return the options of the proof with this name and docstring; --help prints them and ends.

    `numbers` is {name: (default, help or None)}. `short` is the help of --short with {name: its number then}. `more`
    is {"--name": what add_argument takes} for options that are no numbers.
    """
    parser = argparse.ArgumentParser(prog=f"bin/prove {name}", description=doc.partition("\n")[0])
    for number, (default, words) in numbers.items():
        parser.add_argument(f"--{number}", type=int, default=default, help=words)
    for option, keywords in (more or {}).items():
        parser.add_argument(option, **keywords)
    words, fewer = short
    parser.add_argument("--short", action="store_true", help=words)
    chosen = parser.parse_args(arguments)
    if chosen.short:
        vars(chosen).update(fewer)
    return chosen
