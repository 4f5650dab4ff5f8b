// Flags that every command takes, and those that many share.

import { outputFormats } from '../print/output-format.ts'
import type { Flag } from './command.ts'

export const globalFlags: readonly Flag[] = [
  { name: 'help', short: 'h', kind: 'switch', usage: 'Help for this command.' },
  {
    name: 'profile',
    short: 'P',
    kind: 'text',
    usage: 'Name of the profile to use from your configuration file.',
    completes: 'profiles',
  },
  { name: 'baseUrl', kind: 'text', usage: 'URL of the Postern server.', hidden: true },
]

export const projectId: Flag = {
  name: 'projectId',
  kind: 'text',
  usage: 'Identifier (24 hexadecimal digits) of the project. Overrides the profile and the environment.',
}

export const orgId: Flag = {
  name: 'orgId',
  kind: 'text',
  usage: 'Identifier (24 hexadecimal digits) of the organization. Overrides the profile and the environment.',
}

export const output: Flag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  usage: 'Output format: plaintext, json, yaml, json-path=<path>, go-template=<template> or go-template-file=<file>.',
  completes: outputFormats,
}

export const force: Flag = { name: 'force', kind: 'switch', usage: 'Skips the question before deleting.' }

export const pages: readonly Flag[] = [
  { name: 'page', kind: 'number', usage: 'Page number.', default: '1' },
  { name: 'limit', kind: 'number', usage: 'Number of items per page.', default: '100' },
  { name: 'omitCount', kind: 'switch', usage: 'Leaves the total count out of the answer.' },
]
