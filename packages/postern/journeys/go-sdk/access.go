package main

import (
	"net/http"
	"strings"
	"time"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

func (p *program) databaseAccess() {
	users := p.sdk.DatabaseUsersApi
	expires := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	made := call(p.report, "CreateDatabaseUser", users.CreateDatabaseUser(p.ctx, p.groupID, &admin.CloudDatabaseUser{
		Username: "go", DatabaseName: "admin", GroupId: p.groupID, Password: to("a-password-of-the-program"),
		Roles:           []admin.DatabaseUserRole{{RoleName: "readWriteAnyDatabase", DatabaseName: "admin"}},
		Scopes:          &[]admin.UserScope{{Name: clusterName, Type: "CLUSTER"}},
		Labels:          &[]admin.ComponentLabel{{Key: to("made-by"), Value: to("go-sdk")}},
		DeleteAfterDate: &expires,
	}).Execute)
	want(p.report, "deleteAfterDate", made.GetDeleteAfterDate().UTC(), expires)
	want(p.report, "the password is told", made.GetPassword(), "")
	call(p.report, "GetDatabaseUser", users.GetDatabaseUser(p.ctx, p.groupID, "admin", "go").Execute)
	call(p.report, "ListDatabaseUsers", users.ListDatabaseUsers(p.ctx, p.groupID).Execute)
	call(p.report, "UpdateDatabaseUser", users.UpdateDatabaseUser(p.ctx, p.groupID, "admin", "go", &admin.CloudDatabaseUser{
		Username: "go", DatabaseName: "admin", GroupId: p.groupID,
		Roles: []admin.DatabaseUserRole{{RoleName: "read", DatabaseName: "shop"}},
	}).Execute)
	certificates := p.sdk.X509AuthenticationApi
	call(p.report, "CreateDatabaseUser by certificate", users.CreateDatabaseUser(p.ctx, p.groupID, &admin.CloudDatabaseUser{
		Username: "CN=go", DatabaseName: "$external", GroupId: p.groupID, X509Type: to("MANAGED"),
		Roles: []admin.DatabaseUserRole{{RoleName: "read", DatabaseName: "shop"}},
	}).Execute)
	certificate := call(p.report, "CreateDatabaseUserCert",
		certificates.CreateDatabaseUserCert(p.ctx, p.groupID, "CN=go", &admin.UserCert{MonthsUntilExpiration: to(3)}).Execute)
	want(p.report, "a certificate in PEM", len(certificate) > 500, true)
	call(p.report, "ListDatabaseUserCerts", certificates.ListDatabaseUserCerts(p.ctx, p.groupID, "CN=go").Execute)
	for database, user := range map[string]string{"admin": "go", "$external": "CN=go"} {
		done(p.report, "DeleteDatabaseUser", users.DeleteDatabaseUser(p.ctx, p.groupID, database, user).Execute)
	}

	roles := p.sdk.CustomDatabaseRolesApi
	actions := []admin.DatabasePrivilegeAction{{
		Action: "FIND", Resources: []admin.DatabasePermittedNamespaceResource{{Db: "shop", Collection: "orders"}},
	}}
	call(p.report, "CreateCustomDbRole",
		roles.CreateCustomDbRole(p.ctx, p.groupID, &admin.UserCustomDBRole{RoleName: "reader", Actions: &actions}).Execute)
	call(p.report, "GetCustomDbRole", roles.GetCustomDbRole(p.ctx, p.groupID, "reader").Execute)
	call(p.report, "ListCustomDbRoles", roles.ListCustomDbRoles(p.ctx, p.groupID).Execute)
	call(p.report, "UpdateCustomDbRole",
		roles.UpdateCustomDbRole(p.ctx, p.groupID, "reader", &admin.UpdateCustomDBRole{Actions: &actions}).Execute)
	done(p.report, "DeleteCustomDbRole", roles.DeleteCustomDbRole(p.ctx, p.groupID, "reader").Execute)

	list := p.sdk.ProjectIPAccessListApi
	entries := call(p.report, "CreateAccessListEntry", list.CreateAccessListEntry(p.ctx, p.groupID, &[]admin.NetworkPermissionEntry{
		{CidrBlock: to("203.0.113.0/24"), Comment: to("an office")}, {IpAddress: to("198.51.100.7"), DeleteAfterDate: &expires},
	}).Execute)
	want(p.report, "entries made", len(entries.GetResults()), 2)
	call(p.report, "GetAccessListEntry", list.GetAccessListEntry(p.ctx, p.groupID, "203.0.113.0/24").Execute)
	call(p.report, "GetAccessListStatus", list.GetAccessListStatus(p.ctx, p.groupID, "203.0.113.0/24").Execute)
	call(p.report, "ListAccessListEntries", list.ListAccessListEntries(p.ctx, p.groupID).Execute)
	for _, entry := range []string{"203.0.113.0/24", "198.51.100.7"} {
		done(p.report, "DeleteAccessListEntry", list.DeleteAccessListEntry(p.ctx, p.groupID, entry).Execute)
	}
}

func (p *program) keysAndAccounts() {
	keys := p.sdk.ProgrammaticAPIKeysApi
	key := call(p.report, "CreateOrgApiKey",
		keys.CreateOrgApiKey(p.ctx, p.orgID, &admin.CreateAtlasOrganizationApiKey{Desc: "of go", Roles: []string{"ORG_MEMBER"}}).Execute)
	id := key.GetId()
	want(p.report, "a new key is told whole", len(key.GetPrivateKey()), 36)
	call(p.report, "GetOrgApiKey", keys.GetOrgApiKey(p.ctx, p.orgID, id).Execute)
	call(p.report, "ListOrgApiKeys", keys.ListOrgApiKeys(p.ctx, p.orgID).Execute)
	call(p.report, "UpdateOrgApiKey",
		keys.UpdateOrgApiKey(p.ctx, p.orgID, id, &admin.UpdateAtlasOrganizationApiKey{Desc: to("of go, again")}).Execute)
	call(p.report, "CreateOrgAccessEntry",
		keys.CreateOrgAccessEntry(p.ctx, p.orgID, id, &[]admin.UserAccessListRequest{{IpAddress: to("198.51.100.7")}}).Execute)
	call(p.report, "ListOrgAccessEntries", keys.ListOrgAccessEntries(p.ctx, p.orgID, id).Execute)
	call(p.report, "GetOrgAccessEntry", keys.GetOrgAccessEntry(p.ctx, p.orgID, "198.51.100.7", id).Execute)
	done(p.report, "DeleteAccessEntry", keys.DeleteAccessEntry(p.ctx, p.orgID, id, "198.51.100.7").Execute)
	done(p.report, "AddGroupApiKey", keys.AddGroupApiKey(p.ctx, p.groupID, id,
		&[]admin.UserAccessRoleAssignment{{Roles: &[]string{"GROUP_READ_ONLY"}}}).Execute)
	call(p.report, "UpdateApiKeyRoles", keys.UpdateApiKeyRoles(p.ctx, p.groupID, id,
		&admin.UpdateAtlasProjectApiKey{Roles: &[]string{"GROUP_OWNER"}}).Execute)
	call(p.report, "ListGroupApiKeys", keys.ListGroupApiKeys(p.ctx, p.groupID).Execute)
	done(p.report, "RemoveGroupApiKey", keys.RemoveGroupApiKey(p.ctx, p.groupID, id).Execute)
	done(p.report, "DeleteOrgApiKey", keys.DeleteOrgApiKey(p.ctx, p.orgID, id).Execute)
	ofGroup := call(p.report, "CreateGroupApiKey", keys.CreateGroupApiKey(p.ctx, p.groupID,
		&admin.CreateAtlasProjectApiKey{Desc: "of go", Roles: []string{"GROUP_READ_ONLY"}}).Execute)
	done(p.report, "DeleteOrgApiKey", keys.DeleteOrgApiKey(p.ctx, p.orgID, ofGroup.GetId()).Execute)

	accounts := p.sdk.ServiceAccountsApi
	account := call(p.report, "CreateOrgServiceAccount", accounts.CreateOrgServiceAccount(p.ctx, p.orgID, &admin.OrgServiceAccountRequest{
		Name: "go", Description: "of go", Roles: []string{"ORG_READ_ONLY"}, SecretExpiresAfterHours: 8,
	}).Execute)
	client := account.GetClientId()
	first := account.GetSecrets()[0]
	p.mayAsk(client, first.GetSecret())
	call(p.report, "GetOrgServiceAccount", accounts.GetOrgServiceAccount(p.ctx, p.orgID, client).Execute)
	call(p.report, "ListOrgServiceAccounts", accounts.ListOrgServiceAccounts(p.ctx, p.orgID).Execute)
	call(p.report, "UpdateOrgServiceAccount", accounts.UpdateOrgServiceAccount(p.ctx, client, p.orgID,
		&admin.OrgServiceAccountUpdateRequest{Description: to("of go, again")}).Execute)
	second := call(p.report, "CreateOrgSecret",
		accounts.CreateOrgSecret(p.ctx, p.orgID, client, &admin.ServiceAccountSecretRequest{SecretExpiresAfterHours: 8}).Execute)
	done(p.report, "DeleteOrgSecret", accounts.DeleteOrgSecret(p.ctx, client, first.Id, p.orgID).Execute)
	p.mayAsk(client, second.GetSecret())
	call(p.report, "CreateOrgAccessList", accounts.CreateOrgAccessList(p.ctx, p.orgID, client,
		&[]admin.ServiceAccountIPAccessListEntry{{CidrBlock: to("203.0.113.0/24")}}).Execute)
	call(p.report, "ListOrgAccessList", accounts.ListOrgAccessList(p.ctx, p.orgID, client).Execute)
	done(p.report, "DeleteOrgAccessEntry", accounts.DeleteOrgAccessEntry(p.ctx, p.orgID, client, "203.0.113.0/24").Execute)
	call(p.report, "InviteGroupServiceAccount", accounts.InviteGroupServiceAccount(p.ctx, client, p.groupID,
		&admin.GroupServiceAccountRoleAssignment{Roles: []string{"GROUP_READ_ONLY"}}).Execute)
	call(p.report, "GetServiceAccountGroups", accounts.GetServiceAccountGroups(p.ctx, p.orgID, client).Execute)
	call(p.report, "GetGroupServiceAccount", accounts.GetGroupServiceAccount(p.ctx, p.groupID, client).Execute)
	call(p.report, "ListGroupServiceAccounts", accounts.ListGroupServiceAccounts(p.ctx, p.groupID).Execute)
	done(p.report, "DeleteOrgServiceAccount", accounts.DeleteOrgServiceAccount(p.ctx, client, p.orgID).Execute)
	made := call(p.report, "CreateGroupServiceAccount", accounts.CreateGroupServiceAccount(p.ctx, p.groupID, &admin.GroupServiceAccountRequest{
		Name: "go", Description: "of go", Roles: []string{"GROUP_OWNER"}, SecretExpiresAfterHours: 8,
	}).Execute)
	client = made.GetClientId()
	call(p.report, "UpdateGroupServiceAccount", accounts.UpdateGroupServiceAccount(p.ctx, client, p.groupID,
		&admin.GroupServiceAccountUpdateRequest{Roles: &[]string{"GROUP_READ_ONLY"}}).Execute)
	secret := call(p.report, "CreateGroupSecret",
		accounts.CreateGroupSecret(p.ctx, p.groupID, client, &admin.ServiceAccountSecretRequest{SecretExpiresAfterHours: 8}).Execute)
	done(p.report, "DeleteGroupSecret", accounts.DeleteGroupSecret(p.ctx, client, secret.Id, p.groupID).Execute)
	call(p.report, "CreateAccessList", accounts.CreateAccessList(p.ctx, p.groupID, client,
		&[]admin.ServiceAccountIPAccessListEntry{{IpAddress: to("198.51.100.7")}}).Execute)
	call(p.report, "ListAccessList", accounts.ListAccessList(p.ctx, p.groupID, client).Execute)
	done(p.report, "DeleteGroupAccessEntry", accounts.DeleteGroupAccessEntry(p.ctx, p.groupID, client, "198.51.100.7").Execute)
	done(p.report, "DeleteGroupServiceAccount", accounts.DeleteGroupServiceAccount(p.ctx, client, p.groupID).Execute)
	refused(p.report, "GetGroupServiceAccount afterwards", http.StatusNotFound, "SERVICE_ACCOUNT_NOT_FOUND",
		accounts.GetGroupServiceAccount(p.ctx, p.groupID, client).Execute)
	done(p.report, "DeleteOrgServiceAccount", accounts.DeleteOrgServiceAccount(p.ctx, client, p.orgID).Execute)
}

// wrongKeys tells how each kind of credential is refused.
func (p *program) wrongKeys() {
	byDigest := admin.UseDigestAuth("abcdefgh", "01234567-89ab-4cde-8f01-23456789abcd")
	sdk, err := admin.NewClient(admin.UseBaseURL(p.baseURL), byDigest)
	if err != nil {
		panic(stop{err})
	}
	_, response, err := sdk.OrganizationsApi.ListOrgs(p.ctx).Execute()
	if known, typed := admin.AsError(err); !typed || known.Error != http.StatusUnauthorized || response.StatusCode != http.StatusUnauthorized {
		p.fault("ListOrgs by an unknown API key: %v", err)
	}
	sdk, err = admin.NewClient(admin.UseBaseURL(p.baseURL), admin.UseOAuthAuth(p.ctx, "mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_none"))
	if err != nil {
		panic(stop{err})
	}
	if _, _, err := sdk.OrganizationsApi.ListOrgs(p.ctx).Execute(); err == nil || !strings.Contains(err.Error(), "invalid_client") {
		p.fault("ListOrgs by an unknown service account: %v", err)
	}
}

// mayAsk tries a service account's secret by a client of its own.
func (p *program) mayAsk(id, secret string) {
	sdk, err := admin.NewClient(admin.UseBaseURL(p.baseURL), admin.UseOAuthAuth(p.ctx, id, secret))
	if err != nil {
		panic(stop{err})
	}
	if _, _, err := sdk.OrganizationsApi.ListOrgs(p.ctx).Execute(); err != nil {
		p.fault("ListOrgs by the service account %s: %v", id, err)
	}
}

func (p *program) people() {
	people := p.sdk.MongoDBCloudUsersApi
	invited := call(p.report, "CreateOrgUser", people.CreateOrgUser(p.ctx, p.orgID, &admin.OrgUserRequest{
		Username: "go-" + p.groupID + "@example.com", Roles: admin.OrgUserRolesRequest{OrgRoles: []string{"ORG_MEMBER"}},
	}).Execute)
	want(p.report, "a user who is invited", invited.OrgMembershipStatus, "PENDING")
	user := invited.Id
	call(p.report, "GetOrgUser", people.GetOrgUser(p.ctx, p.orgID, user).Execute)
	call(p.report, "ListOrgUsers", people.ListOrgUsers(p.ctx, p.orgID).Execute)
	call(p.report, "UpdateOrgUser", people.UpdateOrgUser(p.ctx, p.orgID, user, &admin.OrgUserUpdateRequest{
		Roles: &admin.OrgUserRolesRequest{OrgRoles: []string{"ORG_READ_ONLY"}},
	}).Execute)
	call(p.report, "AddOrgRole", people.AddOrgRole(p.ctx, p.orgID, user, &admin.AddOrRemoveOrgRole{OrgRole: "ORG_MEMBER"}).Execute)
	call(p.report, "RemoveOrgRole", people.RemoveOrgRole(p.ctx, p.orgID, user, &admin.AddOrRemoveOrgRole{OrgRole: "ORG_READ_ONLY"}).Execute)
	call(p.report, "AddGroupUsers", people.AddGroupUsers(p.ctx, p.groupID, &admin.GroupUserRequest{
		Username: invited.Username, Roles: []string{"GROUP_READ_ONLY"},
	}).Execute)
	call(p.report, "GetGroupUser", people.GetGroupUser(p.ctx, p.groupID, user).Execute)
	call(p.report, "ListGroupUsers", people.ListGroupUsers(p.ctx, p.groupID).Execute)
	call(p.report, "AddGroupUserRole",
		people.AddGroupUserRole(p.ctx, p.groupID, user, &admin.AddOrRemoveGroupRole{GroupRole: "GROUP_OWNER"}).Execute)
	call(p.report, "RemoveGroupUserRole",
		people.RemoveGroupUserRole(p.ctx, p.groupID, user, &admin.AddOrRemoveGroupRole{GroupRole: "GROUP_OWNER"}).Execute)

	teams := p.sdk.TeamsApi
	team := call(p.report, "CreateOrgTeam", teams.CreateOrgTeam(p.ctx, p.orgID,
		&admin.Team{Name: "go-" + p.groupID, Usernames: []string{invited.Username}}).Execute)
	call(p.report, "GetOrgTeam", teams.GetOrgTeam(p.ctx, p.orgID, team.GetId()).Execute)
	call(p.report, "GetTeamByName", teams.GetTeamByName(p.ctx, p.orgID, team.Name).Execute)
	call(p.report, "ListOrgTeams", teams.ListOrgTeams(p.ctx, p.orgID).Execute)
	call(p.report, "ListTeamUsers", people.ListTeamUsers(p.ctx, p.orgID, team.GetId()).Execute)
	call(p.report, "RemoveOrgTeamUser",
		people.RemoveOrgTeamUser(p.ctx, p.orgID, team.GetId(), &admin.AddOrRemoveUserFromTeam{Id: user}).Execute)
	call(p.report, "AddOrgTeamUser",
		people.AddOrgTeamUser(p.ctx, p.orgID, team.GetId(), &admin.AddOrRemoveUserFromTeam{Id: user}).Execute)
	call(p.report, "RenameOrgTeam", teams.RenameOrgTeam(p.ctx, p.orgID, team.GetId(), &admin.TeamUpdate{Name: team.Name + "-2"}).Execute)
	call(p.report, "AddGroupTeams", teams.AddGroupTeams(p.ctx, p.groupID,
		&[]admin.TeamRole{{TeamId: team.GetId(), RoleNames: []string{"GROUP_READ_ONLY"}}}).Execute)
	call(p.report, "GetGroupTeam", teams.GetGroupTeam(p.ctx, p.groupID, team.GetId()).Execute)
	call(p.report, "ListGroupTeams", teams.ListGroupTeams(p.ctx, p.groupID).Execute)
	call(p.report, "UpdateGroupTeam", teams.UpdateGroupTeam(p.ctx, p.groupID, team.GetId(),
		&admin.TeamRole{TeamId: team.GetId(), RoleNames: []string{"GROUP_OWNER"}}).Execute)
	done(p.report, "RemoveGroupTeam", teams.RemoveGroupTeam(p.ctx, p.groupID, team.GetId()).Execute)
	done(p.report, "DeleteOrgTeam", teams.DeleteOrgTeam(p.ctx, p.orgID, team.GetId()).Execute)
	done(p.report, "RemoveGroupUser", people.RemoveGroupUser(p.ctx, p.groupID, user).Execute)
	done(p.report, "RemoveOrgUser", people.RemoveOrgUser(p.ctx, p.orgID, user).Execute)
}
