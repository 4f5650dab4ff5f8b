// Atlas's organization and project roles, by API name and by the words that its documents use for them.

export const orgRoles = {
  ORG_OWNER: 'Organization Owner',
  ORG_GROUP_CREATOR: 'Organization Project Creator',
  ORG_BILLING_ADMIN: 'Organization Billing Admin',
  ORG_BILLING_READ_ONLY: 'Organization Billing Viewer',
  ORG_STREAM_PROCESSING_ADMIN: 'Organization Stream Processing Admin',
  ORG_READ_ONLY: 'Organization Read Only',
  ORG_MEMBER: 'Organization Member',
} as const

export const groupRoles = {
  GROUP_OWNER: 'Project Owner',
  GROUP_CLUSTER_MANAGER: 'Project Cluster Manager',
  GROUP_DATA_ACCESS_ADMIN: 'Project Data Access Admin',
  GROUP_DATA_ACCESS_READ_WRITE: 'Project Data Access Read Write',
  GROUP_DATA_ACCESS_READ_ONLY: 'Project Data Access Read Only',
  GROUP_DATABASE_ACCESS_ADMIN: 'Project Database Access Admin',
  GROUP_STREAM_PROCESSING_OWNER: 'Project Stream Processing Owner',
  GROUP_SEARCH_INDEX_EDITOR: 'Project Search Index Editor',
  GROUP_BACKUP_MANAGER: 'Project Backup Manager',
  GROUP_OBSERVABILITY_VIEWER: 'Project Observability Viewer',
  GROUP_ACCESS_MANAGER: 'Project Access Manager',
  GROUP_NETWORK_ACCESS_MANAGER: 'Project Network Access Manager',
  GROUP_CLUSTER_CREATOR: 'Project Cluster Creator',
  GROUP_READ_ONLY: 'Project Read Only',
} as const

export type OrgRole = keyof typeof orgRoles
export type GroupRole = keyof typeof groupRoles
