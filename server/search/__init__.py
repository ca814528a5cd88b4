"""Search over organisations, codes, tables, projects, indicators, glossary and text: Chinese, pinyin, English."""
