// How people are shown. One who was only invited yet has no name.

import { column } from '../print/template.ts'

export const userColumns = [
  column('ID', 'id'),
  column('FIRST NAME', 'firstName'),
  column('LAST NAME', 'lastName'),
  column('USERNAME', 'username'),
] as const
