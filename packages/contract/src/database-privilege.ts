// The privilege actions that a custom role may grant: Atlas's word, where it applies, and MongoDB's own word for it
// (MongoDB manual, "Privilege Actions"; Atlas, "Actions for custom roles"). Null: Atlas's other products know it, a
// deployment does not; it is kept and shown, and gives nothing.

/** `cluster`: on the cluster alone; `namespace`: on databases and collections; `either`: on what one likes. */
export type PrivilegeScope = 'cluster' | 'namespace' | 'either'

interface PrivilegeRow {
  readonly on: PrivilegeScope
  readonly mongo: string | null
}

const namespace = (mongo: string | null): PrivilegeRow => ({ on: 'namespace', mongo })
const cluster = (mongo: string | null): PrivilegeRow => ({ on: 'cluster', mongo })
const either = (mongo: string | null): PrivilegeRow => ({ on: 'either', mongo })

export const privilegeActions = {
  FIND: namespace('find'),
  INSERT: namespace('insert'),
  REMOVE: namespace('remove'),
  UPDATE: namespace('update'),
  BYPASS_DOCUMENT_VALIDATION: namespace('bypassDocumentValidation'),
  USE_UUID: cluster('useUUID'),
  KILL_OP: cluster('killop'),
  BYPASS_DEFAULT_MAX_TIME_MS: cluster('bypassDefaultMaxTimeMS'),
  CREATE_COLLECTION: namespace('createCollection'),
  CREATE_INDEX: namespace('createIndex'),
  DROP_COLLECTION: namespace('dropCollection'),
  ENABLE_PROFILER: namespace('enableProfiler'),
  KILL_ANY_CURSOR: either('killAnyCursor'),
  ANALYZE: namespace('analyze'),
  CHANGE_STREAM: namespace('changeStream'),
  COLL_MOD: namespace('collMod'),
  COMPACT: namespace('compact'),
  CONVERT_TO_CAPPED: namespace('convertToCapped'),
  DROP_DATABASE: namespace('dropDatabase'),
  DROP_INDEX: namespace('dropIndex'),
  RE_INDEX: namespace('reIndex'),
  RENAME_COLLECTION_SAME_DB: namespace('renameCollectionSameDB'),
  SET_USER_WRITE_BLOCK: cluster('setUserWriteBlockMode'),
  BYPASS_USER_WRITE_BLOCK: cluster('bypassWriteBlockingMode'),
  LIST_SESSIONS: cluster('listSessions'),
  KILL_ANY_SESSION: cluster('killAnySession'),
  COLL_STATS: namespace('collStats'),
  CONN_POOL_STATS: cluster('connPoolStats'),
  DB_HASH: namespace('dbHash'),
  DB_STATS: namespace('dbStats'),
  GET_CMD_LINE_OPTS: cluster('getCmdLineOpts'),
  GET_LOG: cluster('getLog'),
  GET_PARAMETER: cluster('getParameter'),
  GET_SHARD_MAP: cluster('getShardMap'),
  HOST_INFO: cluster('hostInfo'),
  IN_PROG: cluster('inprog'),
  LIST_DATABASES: cluster('listDatabases'),
  LIST_COLLECTIONS: namespace('listCollections'),
  LIST_INDEXES: namespace('listIndexes'),
  LIST_SHARDS: cluster('listShards'),
  NET_STAT: cluster('netstat'),
  REPL_SET_GET_CONFIG: cluster('replSetGetConfig'),
  REPL_SET_GET_STATUS: cluster('replSetGetStatus'),
  SERVER_STATUS: cluster('serverStatus'),
  VALIDATE: namespace('validate'),
  SHARDING_STATE: cluster('shardingState'),
  TOP: cluster('top'),
  SQL_GET_SCHEMA: either(null),
  SQL_SET_SCHEMA: either(null),
  VIEW_ALL_HISTORY: either(null),
  OUT_TO_S3: either(null),
  OUT_TO_AZURE: either(null),
  OUT_TO_GCS: either(null),
  STORAGE_GET_CONFIG: either(null),
  STORAGE_SET_CONFIG: either(null),
  FLUSH_ROUTER_CONFIG: cluster('flushRouterConfig'),
  ENABLE_SHARDING: either('enableSharding'),
  CHECK_METADATA_CONSISTENCY: either('checkMetadataConsistency'),
  MOVE_CHUNK: namespace('moveChunk'),
  SPLIT_CHUNK: namespace('splitChunk'),
  ANALYZE_SHARD_KEY: namespace('analyzeShardKey'),
  REFINE_COLLECTION_SHARD_KEY: namespace('refineCollectionShardKey'),
  CLEAR_JUMBO_FLAG: namespace('clearJumboFlag'),
  RESHARD_COLLECTION: namespace('reshardCollection'),
  SHARDED_DATA_DISTRIBUTION: cluster('shardedDataDistribution'),
  GET_STREAM_PROCESSOR: either(null),
  CREATE_STREAM_PROCESSOR: either(null),
  PROCESS_STREAM_PROCESSOR: either(null),
  MODIFY_STREAM_PROCESSOR: either(null),
  START_STREAM_PROCESSOR: either(null),
  STOP_STREAM_PROCESSOR: either(null),
  DROP_STREAM_PROCESSOR: either(null),
  SAMPLE_STREAM_PROCESSOR: either(null),
  LIST_STREAM_PROCESSORS: either(null),
  LIST_CONNECTIONS: either(null),
  STREAM_PROCESSOR_STATS: either(null),
  CREATE_SEARCH_INDEX: namespace('createSearchIndexes'),
  DROP_SEARCH_INDEX: namespace('dropSearchIndex'),
  LIST_SEARCH_INDEXES: namespace('listSearchIndexes'),
  UPDATE_SEARCH_INDEX: namespace('updateSearchIndex'),
} as const satisfies Record<string, PrivilegeRow>

export type PrivilegeActionName = keyof typeof privilegeActions

export const privilegeActionNames = Object.keys(privilegeActions) as readonly PrivilegeActionName[]
