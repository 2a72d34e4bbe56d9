// PostgreSQL without passwords and without a public address. The bot's own role in it is made once, by an administrator,
// after the first deployment (docs/install.md): Azure has no resource for it.
param name string
param location string
param tags object
param subnetId string
param privateDnsZoneId string
param adminObjectId string
param adminName string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: 'psql-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' }
  properties: {
    version: '17'
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'ZoneRedundant' }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: privateDnsZoneId
      publicNetworkAccess: 'Disabled'
    }
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
  }

  resource database 'databases@2025-08-01' = {
    name: 'routebot'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }

  // One after the other: the server takes one of these operations at a time.
  resource admin 'administrators@2025-08-01' = {
    name: adminObjectId
    dependsOn: [database]
    properties: {
      principalName: adminName
      principalType: 'Group'
      tenantId: tenant().tenantId
    }
  }
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
output databaseName string = server::database.name
