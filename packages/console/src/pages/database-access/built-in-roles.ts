// Atlas's database roles, by the words that its page uses. Those of the first table are given on admin, for everything;
// those of the second on one database. The server judges; this is what a form offers.

export const roleWords = {
  atlasAdmin: 'Atlas admin',
  readWriteAnyDatabase: 'Read and write to any database',
  readAnyDatabase: 'Only read any database',
} as const

export const specificRoles = [
  'readWrite',
  'read',
  'dbAdmin',
  'dbAdminAnyDatabase',
  'clusterMonitor',
  'backup',
  'enableSharding',
] as const

const ofOneDatabase: ReadonlySet<string> = new Set(['readWrite', 'read', 'dbAdmin'])

/** Whether a role is given on a database of one's choice. */
export const needsDatabase = (role: string): boolean => ofOneDatabase.has(role)

export const roleWord = (role: string): string => (roleWords as Readonly<Record<string, string>>)[role] ?? role
