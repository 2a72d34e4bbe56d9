// The least rights that Routebot works with, as custom roles: those of docs/operations.md. Which groups they are given for is
// said in main.bicep.
targetScope = 'subscription'

param environmentName string

@allowed(['off', 'read', 'write'])
param legacySettings string

var here = subscription().id

resource sites 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'routebot-sites')
  properties: {
    roleName: 'Routebot sites (${environmentName})'
    description: 'Read App Service sites and slots, and change their routing.'
    type: 'CustomRole'
    assignableScopes: [here]
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/permissions/read'
          'Microsoft.Resources/subscriptions/read'
          'Microsoft.Resources/subscriptions/providers/read'
          'Microsoft.Resources/subscriptions/resourceGroups/read'
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/write'
          'Microsoft.Web/sites/virtualNetworkConnections/read'
          'Microsoft.Web/sites/operationresults/read'
          'Microsoft.Web/sites/slots/read'
          'Microsoft.Web/sites/slots/write'
          'Microsoft.Web/sites/slots/virtualNetworkConnections/read'
          'Microsoft.Web/sites/slots/operationresults/read'
          'Microsoft.Web/locations/operationResults/read'
        ]
        notActions: []
      }
    ]
  }
}

resource subnets 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'routebot-subnets')
  properties: {
    roleName: 'Routebot subnets (${environmentName})'
    description: 'Join the integration subnets, and read what stands around them.'
    type: 'CustomRole'
    assignableScopes: [here]
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/permissions/read'
          'Microsoft.Network/virtualNetworks/subnets/read'
          'Microsoft.Network/virtualNetworks/subnets/join/action'
          'Microsoft.Network/networkSecurityGroups/read'
          'Microsoft.Network/routeTables/read'
        ]
        notActions: []
      }
    ]
  }
}

var readSettings = [
  'Microsoft.Web/sites/config/list/action'
  'Microsoft.Web/sites/slots/config/list/action'
]
var writeSettings = [
  'Microsoft.Web/sites/config/write'
  'Microsoft.Web/sites/slots/config/write'
]

resource settings 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (legacySettings != 'off') {
  name: guid(subscription().id, environmentName, 'routebot-legacy-settings')
  properties: {
    roleName: 'Routebot legacy settings (${environmentName})'
    description: 'See the app settings of a site, all of them, secrets included.'
    type: 'CustomRole'
    assignableScopes: [here]
    permissions: [
      {
        actions: legacySettings == 'write' ? concat(readSettings, writeSettings) : readSettings
        notActions: []
      }
    ]
  }
}

output siteRoleIds string[] = legacySettings == 'off' ? [sites.id] : [sites.id, settings.id]
output subnetRoleId string = subnets.id
