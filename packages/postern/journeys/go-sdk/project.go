package main

import (
	"net/http"
	"time"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

func (p *program) organization() {
	orgs := p.sdk.OrganizationsApi
	call(p.report, "GetSystemStatus", p.sdk.RootApi.GetSystemStatus(p.ctx).Execute)
	listed := call(p.report, "ListOrgs", orgs.ListOrgs(p.ctx).Execute)
	want(p.report, "ListOrgs totalCount", listed.GetTotalCount(), len(listed.GetResults()))
	org := call(p.report, "GetOrg", orgs.GetOrg(p.ctx, p.orgID).Execute)
	call(p.report, "UpdateOrg", orgs.UpdateOrg(p.ctx, p.orgID, &admin.AtlasOrganization{Name: org.Name}).Execute)
	settings := call(p.report, "GetOrgSettings", orgs.GetOrgSettings(p.ctx, p.orgID).Execute)
	call(p.report, "UpdateOrgSettings", orgs.UpdateOrgSettings(p.ctx, p.orgID, settings).Execute)
	refused(p.report, "GetOrg of another", http.StatusNotFound, "ORG_NOT_FOUND",
		orgs.GetOrg(p.ctx, "0123456789abcdef01234567").Execute)
}

func (p *program) project() {
	projects := p.sdk.ProjectsApi
	name := "go-sdk-" + time.Now().UTC().Format("150405.000")
	made := call(p.report, "CreateGroup", projects.CreateGroup(p.ctx, &admin.Group{Name: name, OrgId: p.orgID}).Execute)
	p.groupID = made.GetId()
	refused(p.report, "CreateGroup twice", http.StatusConflict, "GROUP_ALREADY_EXISTS",
		projects.CreateGroup(p.ctx, &admin.Group{Name: name, OrgId: p.orgID}).Execute)
	found := call(p.report, "GetGroup", projects.GetGroup(p.ctx, p.groupID).Execute)
	want(p.report, "GetGroup name", found.Name, name)
	call(p.report, "GetGroupByName", projects.GetGroupByName(p.ctx, name).Execute)
	renamed := call(p.report, "UpdateGroup", projects.UpdateGroup(p.ctx, p.groupID, &admin.GroupUpdate{
		Name: to(name + "-2"), Tags: &[]admin.ResourceTag{{Key: "made-by", Value: "go-sdk"}},
	}).Execute)
	want(p.report, "UpdateGroup tag", renamed.GetTags()[0].Key, "made-by")

	seen := map[string]bool{}
	for page := 1; ; page++ {
		listed := call(p.report, "ListGroups", projects.ListGroups(p.ctx).ItemsPerPage(1).PageNum(page).Execute)
		for _, group := range listed.GetResults() {
			seen[group.GetId()] = true
		}
		if len(listed.GetResults()) == 0 || len(seen) == listed.GetTotalCount() {
			want(p.report, "ListGroups over all pages", len(seen), listed.GetTotalCount())
			break
		}
	}
	want(p.report, "ListGroups finds it", seen[p.groupID], true)
	call(p.report, "GetOrgGroups", p.sdk.OrganizationsApi.GetOrgGroups(p.ctx, p.orgID).Execute)

	settings := call(p.report, "GetGroupSettings", projects.GetGroupSettings(p.ctx, p.groupID).Execute)
	settings.IsDataExplorerEnabled = to(!settings.GetIsDataExplorerEnabled())
	changed := call(p.report, "UpdateGroupSettings", projects.UpdateGroupSettings(p.ctx, p.groupID, settings).Execute)
	want(p.report, "isDataExplorerEnabled", changed.GetIsDataExplorerEnabled(), settings.GetIsDataExplorerEnabled())
	call(p.report, "GetGroupIpAddresses", projects.GetGroupIpAddresses(p.ctx, p.groupID).Execute)
	call(p.report, "ListGroupLimits", projects.ListGroupLimits(p.ctx, p.groupID).Execute)
	const limit = "atlas.project.deployment.nodesPerPrivateLinkRegion"
	set := call(p.report, "SetGroupLimit",
		projects.SetGroupLimit(p.ctx, limit, p.groupID, &admin.DataFederationLimit{Name: limit, Value: 40}).Execute)
	want(p.report, "SetGroupLimit value", set.Value, 40)
	call(p.report, "GetGroupLimit", projects.GetGroupLimit(p.ctx, limit, p.groupID).Execute)
	done(p.report, "DeleteGroupLimit", projects.DeleteGroupLimit(p.ctx, limit, p.groupID).Execute)

	slow := p.sdk.PerformanceAdvisorApi
	done(p.report, "DisableManagedSlowMs", slow.DisableManagedSlowMs(p.ctx, p.groupID).Execute)
	want(p.report, "managedSlowMs", call(p.report, "GetManagedSlowMs", slow.GetManagedSlowMs(p.ctx, p.groupID).Execute), false)
	done(p.report, "EnableManagedSlowMs", slow.EnableManagedSlowMs(p.ctx, p.groupID).Execute)
	dns := p.sdk.AWSClustersDNSApi
	toggled := call(p.report, "ToggleAwsCustomDns",
		dns.ToggleAwsCustomDns(p.ctx, p.groupID, &admin.AWSCustomDNSEnabled{Enabled: true}).Execute)
	want(p.report, "ToggleAwsCustomDns", toggled.Enabled, true)
	call(p.report, "GetAwsCustomDns", dns.GetAwsCustomDns(p.ctx, p.groupID).Execute)

	peering := p.sdk.NetworkPeeringApi
	container := call(p.report, "CreateGroupContainer", peering.CreateGroupContainer(p.ctx, p.groupID, &admin.CloudProviderContainer{
		ProviderName: to("AWS"), AtlasCidrBlock: to("10.8.0.0/21"), RegionName: to("US_WEST_2"),
	}).Execute)
	call(p.report, "GetGroupContainer", peering.GetGroupContainer(p.ctx, p.groupID, container.GetId()).Execute)
	call(p.report, "ListGroupContainers",
		peering.ListGroupContainers(p.ctx, p.groupID).ProviderName("AWS").Execute)
	call(p.report, "ListGroupContainerAll", peering.ListGroupContainerAll(p.ctx, p.groupID).Execute)
	call(p.report, "UpdateGroupContainer", peering.UpdateGroupContainer(p.ctx, p.groupID, container.GetId(), &admin.CloudProviderContainer{
		ProviderName: to("AWS"), AtlasCidrBlock: to("10.16.0.0/21"), RegionName: to("US_WEST_2"),
	}).Execute)
	done(p.report, "DeleteGroupContainer", peering.DeleteGroupContainer(p.ctx, p.groupID, container.GetId()).Execute)
}

func (p *program) events() {
	events := p.sdk.EventsApi
	since := time.Now().Add(-time.Hour)
	listed := call(p.report, "ListGroupEvents", events.ListGroupEvents(p.ctx, p.groupID).
		IncludeRaw(true).MinDate(since).ItemsPerPage(500).Execute)
	types := map[string]bool{}
	for _, event := range listed.GetResults() {
		types[event.GetEventTypeName()] = true
	}
	for _, wanted := range []string{"GROUP_CREATED", "CLUSTER_CREATED", "INTERFACE_ENDPOINT_CREATED", "MONGODB_USER_ADDED"} {
		want(p.report, "an event "+wanted, types[wanted], true)
	}
	few := call(p.report, "ListGroupEvents by type",
		events.ListGroupEvents(p.ctx, p.groupID).EventType([]string{"GROUP_CREATED"}).Execute)
	want(p.report, "events of one type", len(few.GetResults()), 1)
	call(p.report, "GetGroupEvent", events.GetGroupEvent(p.ctx, p.groupID, few.GetResults()[0].GetId()).IncludeRaw(true).Execute)
	ofOrg := call(p.report, "ListOrgEvents", events.ListOrgEvents(p.ctx, p.orgID).IncludeRaw(true).ItemsPerPage(500).Execute)
	call(p.report, "GetOrgEvent", events.GetOrgEvent(p.ctx, p.orgID, ofOrg.GetResults()[0].GetId()).IncludeRaw(true).Execute)
}

// cleanUp removes what is left: the clusters, then the project, which is refused as long as they are there.
func (p *program) cleanUp() {
	_, response, err := to3(p.sdk.ProjectsApi.DeleteGroup(p.ctx, p.groupID).Execute)
	if !admin.IsErrorCode(err, "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS") || response.StatusCode != http.StatusConflict {
		p.fault("DeleteGroup with clusters: %v", err)
	}
	p.deleteClusters()
	done(p.report, "DeleteGroup", p.sdk.ProjectsApi.DeleteGroup(p.ctx, p.groupID).Execute)
	refused(p.report, "GetGroup afterwards", http.StatusNotFound, "GROUP_NOT_FOUND",
		p.sdk.ProjectsApi.GetGroup(p.ctx, p.groupID).Execute)
}

func to3(execute func() (*http.Response, error)) (any, *http.Response, error) {
	response, err := execute()
	return nil, response, err
}
