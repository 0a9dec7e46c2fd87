//! Time of known precision: instants, offsets, windows, the temporal network.
