// Organizations and projects. See ../summaries.ts.

import type { Tag } from './tag.ts'

export const projectTags = {
  Organizations: {
    description: 'Organizations and their settings.',
    operations: {
      listOrgs: 'List the organizations that the caller belongs to',
      createOrg: 'Create an organization',
      getOrg: 'Describe an organization',
      updateOrg: 'Rename an organization',
      deleteOrg: 'Delete an organization that has no projects',
      getOrgGroups: 'List the projects of an organization',
      getOrgSettings: 'Describe the settings of an organization',
      updateOrgSettings: 'Change settings of an organization',
    },
  },
  Projects: {
    description: 'Projects, which Atlas calls groups in its paths, with their settings and limits.',
    operations: {
      listGroups: 'List the projects that the caller may see',
      createGroup: 'Create a project',
      createOrgGroup: 'Create a project with an id and a label in host names of one’s own choice',
      getGroupHash: 'Say which label the host names of a project share',
      getGroup: 'Describe a project',
      getGroupByName: 'Describe a project, found by its name',
      updateGroup: 'Rename a project or change its tags',
      deleteGroup: 'Delete a project that nothing runs in',
      getGroupSettings: 'Describe the settings of a project',
      updateGroupSettings: 'Change settings of a project',
      getGroupFidelity: 'Say whose behaviour a project is answered by',
      updateGroupFidelity: 'Choose the behaviour of Atlas or of Postern for a project',
      getGroupPrivateOnly: 'Say whether a project has private ways alone',
      updateGroupPrivateOnly:
        'Let a project have private ways alone, which closes standard listeners, or standard ones too; members’ own ports stay as they are',
      getGroupCallerRoles: 'Say which roles the caller holds on a project, and what they allow',
      diagnoseGroup: 'Say why a cluster, an endpoint or the hosts of a connection string cannot be reached',
      listGroupLimits: 'List the limits of a project',
      getGroupLimit: 'Describe a limit of a project',
      setGroupLimit: 'Set a limit of a project',
      deleteGroupLimit: 'Put a limit of a project back to its default',
      getGroupIpAddresses: 'List the addresses of the clusters of a project',
      getGroupManagedSlowMs: 'Say whether the slow-operation threshold is managed',
      enableGroupManagedSlowMs: 'Let the slow-operation threshold be managed',
      disableGroupManagedSlowMs: 'Let the slow-operation threshold be fixed',
      listGroupPeers: 'List the peering connections of a project: none',
      listGroupIntegrations: 'List the third-party integrations of a project: none',
      getGroupEncryptionAtRest: 'Say whether a project encrypts with keys of its own: it does not',
      getGroupAuditLog: 'Say whether a project audits its databases: it does not',
      getGroupBackupCompliancePolicy: 'Describe the backup policy of a project: none',
    },
  },
} as const satisfies Readonly<Record<string, Tag>>
