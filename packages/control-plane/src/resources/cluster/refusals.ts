// Refusals of a cluster's description that name the field, as Atlas's `badRequestDetail` does.

import { AtlasError } from '@postern/contract/errors'

export const invalidField = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

export const missingField = (field: string): AtlasError =>
  new AtlasError('MISSING_ATTRIBUTE', { attribute: field }, { fields: [{ field, description: 'is missing' }] })
