"""What the learners share: training rows, fitting and asking of estimators, and the base of the components."""
