"""Guards: wrappers of the staking that cap, brake and veto what it says."""
