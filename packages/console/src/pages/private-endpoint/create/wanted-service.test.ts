import { describe, expect, test } from 'vitest'
import { draftOf } from '../draft.ts'
import { asCommand, asTerraform, wantedService } from './wanted-service.ts'

describe('what a form asks for', () => {
  test.each([
    {
      says: 'AWS with regions that it accepts, its own not among them',
      draft: { cloud: 'AWS', atlasRegion: 'EU_WEST_1', accepted: 'EU_WEST_2,EU_WEST_1,US_EAST_1' },
      wanted: { providerName: 'AWS', region: 'EU_WEST_1', supportedRemoteRegions: ['EU_WEST_2', 'US_EAST_1'] },
    },
    {
      says: 'Azure, whatever was chosen for AWS before',
      draft: { cloud: 'AZURE', atlasRegion: 'EUROPE_WEST', accepted: 'EU_WEST_2' },
      wanted: { providerName: 'AZURE', region: 'EUROPE_WEST' },
    },
    {
      says: 'Google Cloud, port-mapped unless told',
      draft: { cloud: 'GCP', atlasRegion: 'WESTERN_EUROPE' },
      wanted: { providerName: 'GCP', region: 'WESTERN_EUROPE', portMappingEnabled: true },
    },
    {
      says: 'Google Cloud in its legacy form',
      draft: { cloud: 'GCP', atlasRegion: 'WESTERN_EUROPE', architecture: 'legacy' },
      wanted: { providerName: 'GCP', region: 'WESTERN_EUROPE', portMappingEnabled: false },
    },
    { says: 'nothing before a region is chosen', draft: { cloud: 'AWS' }, wanted: undefined },
    {
      says: 'nothing in a region of another cloud',
      draft: { cloud: 'GCP', atlasRegion: 'EU_WEST_1' },
      wanted: undefined,
    },
  ])('$says', ({ draft, wanted }) => {
    expect(wantedService(draftOf(draft))).toEqual(wanted)
  })
})

describe('the same in other words', () => {
  test('as a command', () => {
    expect(asCommand({ providerName: 'GCP', region: 'WESTERN_EUROPE', portMappingEnabled: true }, 'g')).toBe(
      'postern privateEndpoints gcp create \\\n  --projectId g \\\n  --region europe-west1 \\\n  --portMappingEnabled',
    )
  })

  test('no command where it has no word for accepted regions', () => {
    expect(
      asCommand({ providerName: 'AWS', region: 'EU_WEST_1', supportedRemoteRegions: ['EU_WEST_2'] }, 'g'),
    ).toBeNull()
  })

  test('in Terraform', () => {
    expect(asTerraform({ providerName: 'AWS', region: 'EU_WEST_1', supportedRemoteRegions: ['EU_WEST_2'] }, 'g')).toBe(
      `resource "mongodbatlas_privatelink_endpoint" "postern" {
  project_id               = "g"
  provider_name            = "AWS"
  region                   = "EU_WEST_1"
  supported_remote_regions = ["EU_WEST_2"]
}`,
    )
  })
})
