"""What can go wrong, made to go wrong: random orders, kills, full disks, damaged and hostile files."""
