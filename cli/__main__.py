"""`python -m budgetgraph.cli` is the `budgetgraph` command."""

from budgetgraph.cli.main import main

if __name__ == "__main__":
    main()
