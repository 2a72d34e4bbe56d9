// The bot itself: two instances of one site, and a staging slot that a new version is tried in before it is swapped in.
param name string
param location string
param tags object
param identityId string
param clientId string
param subnetId string
param workspaceId string
param insightsConnectionString string
param vaultUri string
param databaseHost string
param databaseName string
param databaseUser string
param slackTeamIds string
param deployPrincipalId string

var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

var slackSettings = slackTeamIds == ''
  ? {}
  : {
      SLACK_TEAM_IDS: slackTeamIds
      SLACK_BOT_TOKEN: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/slack-bot-token)'
      SLACK_SIGNING_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/slack-signing-secret)'
    }

// What each name means stands in .env.example. WEBSITE_* and SCM_* are App Service's own. Each slot has a /home of its own, which
// goes along when two are swapped: the workflow carries the policy file that is in force over first.
var settings = union(
  {
    ROUTEBOT_POLICY_FILE: '/home/routebot/routebot.yaml'
    ROUTEBOT_DATABASE_AUTH: 'entra'
    ROUTEBOT_SUBSCRIPTIONS: subscription().subscriptionId
    DATABASE_URL: 'postgres://${uriComponent(databaseUser)}@${databaseHost}:5432/${databaseName}?sslmode=verify-full'
    AZURE_TENANT_ID: tenant().tenantId
    AZURE_CLIENT_ID: clientId
    // No secret: Application Insights takes nothing but what Entra identities send.
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD'
    TEAMS_APP_ID: clientId
    TEAMS_APP_TYPE: 'UserAssignedMSI'
    TEAMS_APP_TENANT_ID: tenant().tenantId
    WEBSITE_RUN_FROM_PACKAGE: '1'
    SCM_DO_BUILD_DURING_DEPLOYMENT: 'false'
  },
  slackSettings
)

var siteConfig = {
  linuxFxVersion: 'NODE|24-lts'
  appCommandLine: 'node src/main.ts serve'
  alwaysOn: true
  healthCheckPath: '/healthz'
  minTlsVersion: '1.2'
  scmMinTlsVersion: '1.2'
  ftpsState: 'Disabled'
  http20Enabled: true
  webSocketsEnabled: false
  remoteDebuggingEnabled: false
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'linux'
  sku: { name: 'P0v3', tier: 'PremiumV3', capacity: 2 }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'bot' })
  kind: 'app,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    outboundVnetRouting: { applicationTraffic: true }
    siteConfig: siteConfig
  }

  resource appSettings 'config@2024-11-01' = {
    name: 'appsettings'
    properties: settings
  }

  // What stays with a slot when two are swapped: only production works.
  resource slotNames 'config@2024-11-01' = {
    name: 'slotConfigNames'
    properties: { appSettingNames: ['ROUTEBOT_STANDBY'] }
  }

  resource noFtp 'basicPublishingCredentialsPolicies@2024-11-01' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noBasicScm 'basicPublishingCredentialsPolicies@2024-11-01' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource staging 'Microsoft.Web/sites/slots@2024-11-01' = {
  parent: site
  name: 'staging'
  location: location
  tags: tags
  kind: 'app,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    outboundVnetRouting: { applicationTraffic: true }
    siteConfig: siteConfig
  }

  resource appSettings 'config@2024-11-01' = {
    name: 'appsettings'
    properties: union(settings, { ROUTEBOT_STANDBY: '1' })
  }

  resource noFtp 'basicPublishingCredentialsPolicies@2024-11-01' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noBasicScm 'basicPublishingCredentialsPolicies@2024-11-01' = {
    name: 'scm'
    properties: { allow: false }
  }
}

// The workflow deploys this site, and has no right on anything else.
resource mayDeploy 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (deployPrincipalId != '') {
  name: guid(site.id, deployPrincipalId, websiteContributor)
  scope: site
  properties: {
    principalId: deployPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'AppServiceConsoleLogs', enabled: true }
      { category: 'AppServicePlatformLogs', enabled: true }
    ]
  }
}

// Why a new version does not get ready shows there.
resource stagingLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: staging
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'AppServiceConsoleLogs', enabled: true }
      { category: 'AppServicePlatformLogs', enabled: true }
    ]
  }
}

output id string = site.id
output name string = site.name
output host string = site.properties.defaultHostName
output planId string = plan.id
