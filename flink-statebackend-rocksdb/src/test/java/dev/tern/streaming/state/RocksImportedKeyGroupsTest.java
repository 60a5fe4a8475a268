package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** The same with files that are imported at a restore. */
@ExtendWith(OnRocks.WithImports.class)
class RocksImportedKeyGroupsTest extends RocksKeyGroupsTest {}
