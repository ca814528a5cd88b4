"""The official tables printed again from the graph alone: CSV, HTML, XLSX."""
