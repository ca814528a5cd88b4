"""A Reconciliation Service (W3C Entity Reconciliation Community Group): researchers' tables meet our identities."""
