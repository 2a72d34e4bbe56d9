// Routebot on Azure: one App Service plan with a site and a staging slot, one identity, PostgreSQL, Key Vault, the bot's
// registration with the Teams channel, monitoring, and exactly the rights that the bot needs on the groups it looks after.
// Secrets are no parameters: they are written into the Key Vault once, by hand (docs/install.md).
targetScope = 'subscription'

@minLength(1)
@maxLength(24)
@description('Name of the environment: part of the names of what is made, and the tag azd finds it by.')
param environmentName string

@description('Azure region of everything but the bot registration, which is global.')
param location string

@description('Object id of the Entra group whose members administer the database.')
param databaseAdminObjectId string

@description('Display name of that group.')
param databaseAdminName string

@description('Resource groups of this subscription whose sites Routebot may read and change, separated by commas.')
param targetResourceGroups string

@description('Resource groups of this subscription that hold the subnets those sites are integrated with: Azure asks for the right to join a subnet when an integrated site is changed. Separated by commas.')
param targetSubnetGroups string = ''

@allowed(['off', 'read', 'write'])
@description('Whether Routebot may see, or also edit, the legacy WEBSITE_* app settings. Azure only gives that right for all app settings of a site, secrets included.')
param legacySettings string = 'off'

@allowed(['on', 'off'])
@description('Whether to assign the built-in policies that audit application and configuration routing in this subscription.')
param auditPolicies string = 'on'

@description('Slack workspaces whose messages are taken, separated by commas; empty: Slack is off.')
param slackTeamIds string = ''

@description('Who gets the alerts; empty: alerts are made, and tell nobody.')
param alertEmail string = ''

@description('GitHub repository (owner/name) whose workflow deploys, from its environment "production"; empty: none.')
param deployRepository string = ''

var tags = { 'azd-env-name': environmentName }
var suffix = take(uniqueString(subscription().id, environmentName, location), 6)
var targetGroups = targetResourceGroups == '' ? [] : split(targetResourceGroups, ',')
var subnetGroups = targetSubnetGroups == '' ? [] : split(targetSubnetGroups, ',')
var baseName = 'routebot-${environmentName}-${suffix}'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-routebot-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
    deployRepository: deployRepository
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = {
  name: 'network'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: 'kv-${take(environmentName, 14)}-${suffix}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module database 'modules/database.bicep' = {
  name: 'database'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
    subnetId: network.outputs.databaseSubnetId
    privateDnsZoneId: network.outputs.databaseZoneId
    adminObjectId: databaseAdminObjectId
    adminName: databaseAdminName
  }
}

module site 'modules/site.bicep' = {
  name: 'site'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    subnetId: network.outputs.siteSubnetId
    workspaceId: monitoring.outputs.workspaceId
    insightsConnectionString: monitoring.outputs.connectionString
    vaultUri: vault.outputs.uri
    databaseHost: database.outputs.host
    databaseName: database.outputs.databaseName
    databaseUser: identity.outputs.name
    slackTeamIds: slackTeamIds
    deployPrincipalId: identity.outputs.deployPrincipalId
  }
}

module bot 'modules/bot.bicep' = {
  name: 'bot'
  scope: group
  params: {
    name: baseName
    tags: tags
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    host: site.outputs.host
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    name: baseName
    location: location
    tags: tags
    siteId: site.outputs.id
    planId: site.outputs.planId
    databaseId: database.outputs.id
    workspaceId: monitoring.outputs.workspaceId
    alertEmail: alertEmail
  }
}

module roles 'modules/roles.bicep' = {
  name: 'routebot-roles-${suffix}'
  params: {
    environmentName: environmentName
    legacySettings: legacySettings
  }
}

module targetRights 'modules/assign-role.bicep' = [
  for name in targetGroups: {
    name: 'routebot-rights-${uniqueString(name, suffix)}'
    scope: resourceGroup(name)
    params: {
      principalId: identity.outputs.principalId
      roleDefinitionIds: roles.outputs.siteRoleIds
    }
  }
]

module subnetRights 'modules/assign-role.bicep' = [
  for name in subnetGroups: {
    name: 'routebot-subnets-${uniqueString(name, suffix)}'
    scope: resourceGroup(name)
    params: {
      principalId: identity.outputs.principalId
      roleDefinitionIds: [roles.outputs.subnetRoleId]
    }
  }
]

module policies 'modules/policies.bicep' = if (auditPolicies == 'on') {
  name: 'routebot-policies-${suffix}'
  params: {
    environmentName: environmentName
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output ROUTEBOT_SITE string = site.outputs.name
output ROUTEBOT_HOST_NAME string = site.outputs.host
output ROUTEBOT_VAULT string = vault.outputs.name
output ROUTEBOT_DATABASE_HOST string = database.outputs.host
output ROUTEBOT_DATABASE_USER string = identity.outputs.name
output TEAMS_APP_ID string = identity.outputs.clientId
output ROUTEBOT_DEPLOY_CLIENT_ID string = identity.outputs.deployClientId
