"""`/def`: the vocabulary for people, by groups, with diagrams and examples of the live data; and for machines."""
