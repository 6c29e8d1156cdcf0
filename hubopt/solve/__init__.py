"""One question answered: instance in, verified plan out."""
