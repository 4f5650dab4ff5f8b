// Every page once: where it is, how it is called, and its place in the sidebar. A page is a folder in pages/ and a line
// here; what a page does not have yet has no line.

import type { ComponentType } from 'react'

export interface PageRoute {
  /** `$name` is a parameter. */
  readonly path: string
  /** `$name` in it is the parameter. */
  readonly title: string
  /** Of the sidebar, under its heading or under none; pages that are reached from another have none. */
  readonly sidebar?: { readonly heading?: 'Security'; readonly label: string }
  readonly load: () => Promise<{ readonly Page: ComponentType }>
}

export const pages: readonly PageRoute[] = [
  {
    path: '/groups/$groupId/clusters',
    title: 'Clusters',
    sidebar: { label: 'Clusters' },
    load: () => import('./pages/cluster/page.tsx'),
  },
  {
    path: '/groups/$groupId/clusters/$clusterName',
    title: '$clusterName',
    load: () => import('./pages/cluster-detail/page.tsx'),
  },
  {
    path: '/groups/$groupId/database-access/users',
    title: 'Database Access',
    sidebar: { heading: 'Security', label: 'Database Access' },
    load: () => import('./pages/database-user/page.tsx'),
  },
  {
    path: '/groups/$groupId/database-access/custom-roles',
    title: 'Custom Roles',
    load: () => import('./pages/custom-db-role/page.tsx'),
  },
  {
    path: '/groups/$groupId/network-access/private-endpoint',
    title: 'Network Access',
    sidebar: { heading: 'Security', label: 'Network Access' },
    load: () => import('./pages/private-endpoint/page.tsx'),
  },
  {
    path: '/groups/$groupId/network-access/private-endpoint/$cloudProvider/$endpointServiceId/$endpointId',
    title: 'Private Endpoint',
    load: () => import('./pages/private-endpoint-detail/page.tsx'),
  },
  {
    path: '/groups/$groupId/network-access/ip-access-list',
    title: 'IP Access List',
    load: () => import('./pages/ip-access-list/page.tsx'),
  },
  {
    path: '/groups/$groupId/network-access/gateways',
    title: 'Gateways',
    load: () => import('./pages/gateway/page.tsx'),
  },
  {
    path: '/groups/$groupId/activity-feed',
    title: 'Activity Feed',
    sidebar: { label: 'Activity Feed' },
    load: () => import('./pages/activity-feed/page.tsx'),
  },
  {
    path: '/groups/$groupId/access/users',
    title: 'Access Manager',
    sidebar: { label: 'Access Manager' },
    load: () => import('./pages/member/page.tsx'),
  },
  {
    path: '/groups/$groupId/access/teams',
    title: 'Teams',
    load: () => import('./pages/team/page.tsx'),
  },
  {
    path: '/groups/$groupId/access/api-keys',
    title: 'API Keys',
    load: () => import('./pages/api-key/page.tsx'),
  },
  {
    path: '/groups/$groupId/access/service-accounts',
    title: 'Service Accounts',
    load: () => import('./pages/service-account/page.tsx'),
  },
  {
    path: '/groups/$groupId/settings',
    title: 'Project Settings',
    sidebar: { label: 'Project Settings' },
    load: () => import('./pages/project-settings/page.tsx'),
  },
  {
    path: '/groups/$groupId/settings/webhooks',
    title: 'Webhooks',
    load: () => import('./pages/webhook/page.tsx'),
  },
  {
    path: '/orgs/$orgId/projects',
    title: 'Projects',
    sidebar: { label: 'Projects' },
    load: () => import('./pages/project/page.tsx'),
  },
  {
    path: '/orgs/$orgId/activity-feed',
    title: 'Activity Feed',
    sidebar: { label: 'Activity Feed' },
    load: () => import('./pages/activity-feed/page.tsx'),
  },
  {
    path: '/orgs/$orgId/gateways',
    title: 'Gateways',
    sidebar: { label: 'Gateways' },
    load: () => import('./pages/gateway/page.tsx'),
  },
  {
    path: '/orgs/$orgId/access/users',
    title: 'Access Manager',
    sidebar: { label: 'Access Manager' },
    load: () => import('./pages/member/page.tsx'),
  },
  {
    path: '/orgs/$orgId/access/teams',
    title: 'Teams',
    load: () => import('./pages/team/page.tsx'),
  },
  {
    path: '/orgs/$orgId/access/api-keys',
    title: 'API Keys',
    load: () => import('./pages/api-key/page.tsx'),
  },
  {
    path: '/orgs/$orgId/access/service-accounts',
    title: 'Service Accounts',
    load: () => import('./pages/service-account/page.tsx'),
  },
  {
    path: '/orgs/$orgId/settings',
    title: 'Organization Settings',
    sidebar: { label: 'Organization Settings' },
    load: () => import('./pages/organization-settings/page.tsx'),
  },
  {
    path: '/orgs/$orgId/settings/webhooks',
    title: 'Webhooks',
    load: () => import('./pages/webhook/page.tsx'),
  },
]
