# Which label says that a namespace is in production. The flag --production puts another in the place of this one: see the function policies.Production.
package pocdr.bedrock.kubernetes.production

label := "pocdr.dev/environment"

value := "production"
