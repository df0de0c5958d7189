"""Labs and their marks: what a submission does in an emulator, asked criterion by criterion."""
