"""What breaks while it runs: processes are killed, disks are full, files are held, texts are hostile."""
