"""The command line: arguments in, one library call, output and exit code."""
