package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** What a database with any key groups writes is restored by importing files where that is possible. */
@ExtendWith(OnRocks.WithImports.class)
class RocksImportsSnapshotsTest extends SnapshotsTest {}
