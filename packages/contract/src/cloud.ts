// Providers and their regions, in both spellings: Atlas's (`US_EAST_1`, answered always) and the cloud's own
// (`us-east-1`, used in host names, because Atlas's spellings collide between clouds). Either is accepted from callers.

export const cloudProviders = ['AWS', 'AZURE', 'GCP'] as const
export type CloudProvider = (typeof cloudProviders)[number]

export const isCloudProvider = (text: string): text is CloudProvider =>
  (cloudProviders as readonly string[]).includes(text)

/** Atlas's spelling to the cloud's, by provider. */
export const regions = {
  AWS: {
    US_EAST_1: 'us-east-1',
    US_EAST_2: 'us-east-2',
    US_WEST_1: 'us-west-1',
    US_WEST_2: 'us-west-2',
    CA_CENTRAL_1: 'ca-central-1',
    CA_WEST_1: 'ca-west-1',
    MX_CENTRAL_1: 'mx-central-1',
    SA_EAST_1: 'sa-east-1',
    EU_NORTH_1: 'eu-north-1',
    EU_WEST_1: 'eu-west-1',
    EU_WEST_2: 'eu-west-2',
    EU_WEST_3: 'eu-west-3',
    EU_CENTRAL_1: 'eu-central-1',
    EU_CENTRAL_2: 'eu-central-2',
    EU_SOUTH_1: 'eu-south-1',
    EU_SOUTH_2: 'eu-south-2',
    AP_EAST_1: 'ap-east-1',
    AP_EAST_2: 'ap-east-2',
    AP_NORTHEAST_1: 'ap-northeast-1',
    AP_NORTHEAST_2: 'ap-northeast-2',
    AP_NORTHEAST_3: 'ap-northeast-3',
    AP_SOUTHEAST_1: 'ap-southeast-1',
    AP_SOUTHEAST_2: 'ap-southeast-2',
    AP_SOUTHEAST_3: 'ap-southeast-3',
    AP_SOUTHEAST_4: 'ap-southeast-4',
    AP_SOUTHEAST_5: 'ap-southeast-5',
    AP_SOUTHEAST_6: 'ap-southeast-6',
    AP_SOUTHEAST_7: 'ap-southeast-7',
    AP_SOUTH_1: 'ap-south-1',
    AP_SOUTH_2: 'ap-south-2',
    CN_NORTH_1: 'cn-north-1',
    CN_NORTHWEST_1: 'cn-northwest-1',
    ME_SOUTH_1: 'me-south-1',
    ME_CENTRAL_1: 'me-central-1',
    AF_SOUTH_1: 'af-south-1',
    IL_CENTRAL_1: 'il-central-1',
    US_GOV_WEST_1: 'us-gov-west-1',
    US_GOV_EAST_1: 'us-gov-east-1',
  },
  AZURE: {
    US_CENTRAL: 'centralus',
    US_EAST: 'eastus',
    US_EAST_2: 'eastus2',
    US_EAST_2_EUAP: 'eastus2euap',
    US_NORTH_CENTRAL: 'northcentralus',
    US_WEST: 'westus',
    US_SOUTH_CENTRAL: 'southcentralus',
    EUROPE_NORTH: 'northeurope',
    EUROPE_WEST: 'westeurope',
    US_WEST_CENTRAL: 'westcentralus',
    US_WEST_2: 'westus2',
    US_WEST_3: 'westus3',
    CANADA_EAST: 'canadaeast',
    CANADA_CENTRAL: 'canadacentral',
    BRAZIL_SOUTH: 'brazilsouth',
    BRAZIL_SOUTHEAST: 'brazilsoutheast',
    AUSTRALIA_EAST: 'australiaeast',
    AUSTRALIA_SOUTH_EAST: 'australiasoutheast',
    AUSTRALIA_CENTRAL: 'australiacentral',
    AUSTRALIA_CENTRAL_2: 'australiacentral2',
    UAE_NORTH: 'uaenorth',
    UAE_CENTRAL: 'uaecentral',
    GERMANY_WEST_CENTRAL: 'germanywestcentral',
    GERMANY_NORTH: 'germanynorth',
    SWITZERLAND_NORTH: 'switzerlandnorth',
    SWITZERLAND_WEST: 'switzerlandwest',
    SWEDEN_CENTRAL: 'swedencentral',
    SWEDEN_SOUTH: 'swedensouth',
    UK_SOUTH: 'uksouth',
    UK_WEST: 'ukwest',
    INDIA_CENTRAL: 'centralindia',
    INDIA_WEST: 'westindia',
    INDIA_SOUTH: 'southindia',
    CHINA_EAST: 'chinaeast',
    CHINA_NORTH: 'chinanorth',
    ASIA_EAST: 'eastasia',
    ASIA_SOUTH_EAST: 'southeastasia',
    JAPAN_EAST: 'japaneast',
    JAPAN_WEST: 'japanwest',
    KOREA_CENTRAL: 'koreacentral',
    KOREA_SOUTH: 'koreasouth',
    FRANCE_CENTRAL: 'francecentral',
    FRANCE_SOUTH: 'francesouth',
    SOUTH_AFRICA_NORTH: 'southafricanorth',
    SOUTH_AFRICA_WEST: 'southafricawest',
    NORWAY_EAST: 'norwayeast',
    NORWAY_WEST: 'norwaywest',
    QATAR_CENTRAL: 'qatarcentral',
    POLAND_CENTRAL: 'polandcentral',
    ISRAEL_CENTRAL: 'israelcentral',
    ITALY_NORTH: 'italynorth',
    SPAIN_CENTRAL: 'spaincentral',
    MEXICO_CENTRAL: 'mexicocentral',
    NEW_ZEALAND_NORTH: 'newzealandnorth',
    INDONESIA_CENTRAL: 'indonesiacentral',
    MALAYSIA_WEST: 'malaysiawest',
    CHILE_CENTRAL: 'chilecentral',
    US_GOV_VIRGINIA: 'usgovvirginia',
    US_GOV_ARIZONA: 'usgovarizona',
    US_GOV_TEXAS: 'usgovtexas',
  },
  GCP: {
    EASTERN_US: 'us-east1',
    US_EAST_4: 'us-east4',
    US_EAST_5: 'us-east5',
    CENTRAL_US: 'us-central1',
    WESTERN_US: 'us-west1',
    US_WEST_2: 'us-west2',
    US_WEST_3: 'us-west3',
    US_WEST_4: 'us-west4',
    US_SOUTH_1: 'us-south1',
    NORTH_AMERICA_NORTHEAST_1: 'northamerica-northeast1',
    NORTH_AMERICA_NORTHEAST_2: 'northamerica-northeast2',
    NORTH_AMERICA_SOUTH_1: 'northamerica-south1',
    SOUTH_AMERICA_EAST_1: 'southamerica-east1',
    SOUTH_AMERICA_WEST_1: 'southamerica-west1',
    WESTERN_EUROPE: 'europe-west1',
    EUROPE_NORTH_1: 'europe-north1',
    EUROPE_WEST_2: 'europe-west2',
    EUROPE_WEST_3: 'europe-west3',
    EUROPE_WEST_4: 'europe-west4',
    EUROPE_WEST_6: 'europe-west6',
    EUROPE_WEST_8: 'europe-west8',
    EUROPE_WEST_9: 'europe-west9',
    EUROPE_WEST_10: 'europe-west10',
    EUROPE_WEST_12: 'europe-west12',
    EUROPE_SOUTHWEST_1: 'europe-southwest1',
    EUROPE_CENTRAL_2: 'europe-central2',
    MIDDLE_EAST_CENTRAL_1: 'me-central1',
    MIDDLE_EAST_CENTRAL_2: 'me-central2',
    MIDDLE_EAST_WEST_1: 'me-west1',
    AUSTRALIA_SOUTHEAST_1: 'australia-southeast1',
    AUSTRALIA_SOUTHEAST_2: 'australia-southeast2',
    AFRICA_SOUTH_1: 'africa-south1',
    EASTERN_ASIA_PACIFIC: 'asia-east1',
    ASIA_EAST_2: 'asia-east2',
    NORTHEASTERN_ASIA_PACIFIC: 'asia-northeast1',
    ASIA_NORTHEAST_2: 'asia-northeast2',
    ASIA_NORTHEAST_3: 'asia-northeast3',
    ASIA_SOUTH_1: 'asia-south1',
    ASIA_SOUTH_2: 'asia-south2',
    SOUTHEASTERN_ASIA_PACIFIC: 'asia-southeast1',
    ASIA_SOUTHEAST_2: 'asia-southeast2',
  },
} as const satisfies Record<CloudProvider, Readonly<Record<string, string>>>

const folded = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '')

const byAnySpelling: Readonly<Record<CloudProvider, ReadonlyMap<string, string>>> = {
  AWS: spellings(regions.AWS),
  AZURE: spellings(regions.AZURE),
  GCP: spellings(regions.GCP),
}

function spellings(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([atlas, cloud]) => [
      [folded(atlas), atlas],
      [folded(cloud), atlas],
    ]),
  )
}

/** Any spelling of a region of this provider to Atlas's; undefined where the provider has no such region. */
export const atlasRegion = (provider: CloudProvider, text: string): string | undefined =>
  byAnySpelling[provider].get(folded(text))

/** Atlas's spelling to the cloud's own. Throws RangeError for a region that `atlasRegion` never gave out. */
export function cloudRegion(provider: CloudProvider, atlas: string): string {
  const found = (regions[provider] as Readonly<Record<string, string>>)[atlas]
  if (found === undefined) throw new RangeError(`no region ${atlas} at ${provider}`)
  return found
}
