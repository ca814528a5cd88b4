"""How a program asks the same question: curl, Python, R and JavaScript."""

import json
import shlex
from collections.abc import Mapping


def snippets(address: str) -> Mapping[str, str]:
    """Return code that fetches the address of an answer as JSON, by language."""
    quoted = json.dumps(address)
    return {
        "curl": f"curl --fail {shlex.quote(address)}",
        "Python": (
            "import json\n"
            "from decimal import Decimal\n"
            "from urllib.request import urlopen\n\n"
            f"with urlopen({quoted}) as response:\n"
            "    answer = json.load(response, parse_float=Decimal)\n"
            'for row in answer["rows"]:\n'
            "    print(row)"
        ),
        "R": f"library(jsonlite)\nanswer <- fromJSON({quoted})\nprint(answer$rows)",
        "JavaScript": (
            f"const response = await fetch({quoted});\n"
            "const answer = await response.json();\n"
            "console.table(answer.rows);"
        ),
    }
