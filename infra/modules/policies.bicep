// The built-in policies about outbound routing, as audits: they report, they stop nothing.
targetScope = 'subscription'

param environmentName string

var builtIn = [
  { key: 'apps-application', id: 'a691eacb-474d-47e4-b287-b4813ca44222', title: 'App Service apps: application traffic' }
  { key: 'slots-application', id: 'f5c0bfb3-acea-47b1-b477-b0edcdf6edc1', title: 'App Service slots: application traffic' }
  { key: 'functions-application', id: '32a913ec-5ed7-4b31-a5b0-198450d8fb13', title: 'Function apps: application traffic' }
  { key: 'function-slots-application', id: '75c42c42-dfb3-453d-8fd5-9f978e1b1106', title: 'Function slots: application traffic' }
  { key: 'apps-configuration', id: '801543d1-1953-4a90-b8b0-8cf6d41473a5', title: 'App Service apps: configuration traffic' }
  { key: 'slots-configuration', id: '5747353b-1ca9-42c1-a4dd-b874b894f3d4', title: 'App Service slots: configuration traffic' }
  { key: 'functions-configuration', id: '5e57f5ad-995a-485b-9f42-4748935ee5d9', title: 'Function apps: configuration traffic' }
  { key: 'function-slots-configuration', id: 'f380edf5-de79-4862-bd57-ee407d8bd8b6', title: 'Function slots: configuration traffic' }
]

resource assignments 'Microsoft.Authorization/policyAssignments@2024-05-01' = [
  for policy in builtIn: {
    name: take('rb-${uniqueString(environmentName, policy.key)}', 24)
    properties: {
      displayName: 'Outbound routing, ${policy.title}'
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', policy.id)
      enforcementMode: 'Default'
      parameters: { effect: { value: 'Audit' } }
    }
  }
]
