"""What keeps data: buckets, tables and file systems."""
