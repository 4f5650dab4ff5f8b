package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

// form is one kind of private endpoint: where its service is made, and how its consumer's side is made in the local
// cloud and named to the API.
type form struct {
	provider, region, regionName string
	portMapping                  *bool
	consumer                     func(p *program, service *admin.EndpointService) (id string, body *admin.CreateEndpointRequest)
}

var forms = []form{
	{"AWS", "EU_WEST_1", "EU_WEST_1", nil, func(p *program, service *admin.EndpointService) (string, *admin.CreateEndpointRequest) {
		var made struct{ VpcEndpointID string }
		p.local("aws/vpcEndpoints", map[string]any{"serviceName": service.GetEndpointServiceName()}, &made)
		return made.VpcEndpointID, &admin.CreateEndpointRequest{Id: &made.VpcEndpointID}
	}},
	{"AZURE", "EUROPE_WEST", "EUROPE_WEST", nil, func(p *program, service *admin.EndpointService) (string, *admin.CreateEndpointRequest) {
		var made struct{ ID, PrivateIPAddress string }
		p.local("azure/privateEndpoints", map[string]any{
			"name": "go-" + service.GetId(), "privateLinkServiceId": service.GetPrivateLinkServiceResourceId(),
		}, &made)
		return made.ID, &admin.CreateEndpointRequest{Id: &made.ID, PrivateEndpointIPAddress: &made.PrivateIPAddress}
	}},
	{"GCP", "WESTERN_EUROPE", "WESTERN_EUROPE", to(true), forwardingRules},
	{"GCP", "EASTERN_US", "EASTERN_US", to(false), forwardingRules},
}

func forwardingRules(p *program, service *admin.EndpointService) (string, *admin.CreateEndpointRequest) {
	var made struct {
		EndpointGroupName string
		ForwardingRules   []struct{ Name, IPAddress string }
	}
	wanted := map[string]any{
		"project": "go-project", "name": "go-" + service.GetId(), "target": service.GetServiceAttachmentNames()[0],
	}
	if !service.GetPortMappingEnabled() {
		wanted["count"] = len(service.GetServiceAttachmentNames())
	}
	p.local("gcp/forwardingRules", wanted, &made)
	rules := []admin.CreateGCPForwardingRuleRequest{}
	for _, rule := range made.ForwardingRules {
		rules = append(rules, admin.CreateGCPForwardingRuleRequest{EndpointName: &rule.Name, IpAddress: &rule.IPAddress})
	}
	return made.EndpointGroupName, &admin.CreateEndpointRequest{
		EndpointGroupName: &made.EndpointGroupName, GcpProjectId: to("go-project"), Endpoints: &rules,
	}
}

// local makes a consumer's endpoint in Postern's local cloud, which stands for the consumer's own.
func (p *program) local(path string, wanted any, made any) {
	body, err := json.Marshal(wanted)
	if err != nil {
		panic(stop{err})
	}
	response, err := p.sdk.GetConfig().HTTPClient.Post(p.baseURL+"/api/postern/v1/local/"+path, "application/json", bytes.NewReader(body))
	if err != nil {
		panic(stop{err})
	}
	if response.StatusCode != http.StatusCreated {
		panic(stop{fmt.Errorf("%s: %s", path, response.Status)})
	}
	if err := json.NewDecoder(response.Body).Decode(made); err != nil {
		panic(stop{err})
	}
}

// regionalMode is tried while there is no cluster, which would stand in its way.
func (p *program) regionalMode() {
	services := p.sdk.PrivateEndpointServicesApi
	mode := call(p.report, "GetRegionalEndpointMode", services.GetRegionalEndpointMode(p.ctx, p.groupID).Execute)
	want(p.report, "regional mode at first", mode.Enabled, false)
	toggled := call(p.report, "ToggleRegionalEndpointMode",
		services.ToggleRegionalEndpointMode(p.ctx, p.groupID, &admin.ProjectSettingItem{Enabled: true}).Execute)
	want(p.report, "regional mode", toggled.Enabled, true)
	call(p.report, "ToggleRegionalEndpointMode",
		services.ToggleRegionalEndpointMode(p.ctx, p.groupID, &admin.ProjectSettingItem{Enabled: false}).Execute)
}

func (p *program) privateEndpoints() {
	services := p.sdk.PrivateEndpointServicesApi
	refused(p.report, "ToggleRegionalEndpointMode beside a replica set", http.StatusConflict, "REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED",
		services.ToggleRegionalEndpointMode(p.ctx, p.groupID, &admin.ProjectSettingItem{Enabled: true}).Execute)
	for _, form := range forms {
		p.privateEndpoint(form)
	}
	refused(p.report, "a provider that is none", http.StatusBadRequest, "INVALID_ATTRIBUTE",
		services.CreatePrivateEndpointService(p.ctx, p.groupID, &admin.CloudProviderEndpointServiceRequest{
			ProviderName: "OTHER", Region: "EU_WEST_1",
		}).Execute)
	refused(p.report, "an unknown service", http.StatusNotFound, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND",
		services.GetPrivateEndpointService(p.ctx, p.groupID, "AWS", "0123456789abcdef01234567").Execute)
}

func (p *program) privateEndpoint(form form) {
	services := p.sdk.PrivateEndpointServicesApi
	wanted := &admin.CloudProviderEndpointServiceRequest{
		ProviderName: form.provider, Region: form.region, PortMappingEnabled: form.portMapping,
	}
	says := form.provider + " " + form.region
	made := call(p.report, "CreatePrivateEndpointService "+says,
		services.CreatePrivateEndpointService(p.ctx, p.groupID, wanted).Execute)
	want(p.report, "status of a new service", made.GetStatus(), "INITIATING")
	refused(p.report, "CreatePrivateEndpointService twice", http.StatusConflict,
		"PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION",
		services.CreatePrivateEndpointService(p.ctx, p.groupID, wanted).Execute)
	var service *admin.EndpointService
	p.until(says+" being AVAILABLE", func() bool {
		service = call(p.report, "GetPrivateEndpointService "+says,
			services.GetPrivateEndpointService(p.ctx, p.groupID, form.provider, made.GetId()).Execute)
		return service.GetStatus() == "AVAILABLE"
	})
	want(p.report, "regionName of "+says, service.GetRegionName(), form.regionName)
	listed := call(p.report, "ListPrivateEndpointService "+says,
		services.ListPrivateEndpointService(p.ctx, p.groupID, form.provider).Execute)
	want(p.report, "services of "+says+" listed", len(listed) > 0, true)
	if form.provider == "AWS" {
		updated := call(p.report, "UpdatePrivateEndpointService", services.UpdatePrivateEndpointService(p.ctx, p.groupID, made.GetId(),
			&admin.ApiAtlasModifyEndpointServiceRequest{CloudProvider: "AWS", SupportedRemoteRegions: &[]string{"US_EAST_1"}}).Execute)
		want(p.report, "remote regions", len(updated.GetSupportedRemoteRegions()), 1)
		p.until(says+" being AVAILABLE again", func() bool {
			service, _, err := services.GetPrivateEndpointService(p.ctx, p.groupID, "AWS", made.GetId()).Execute()
			return err == nil && service.GetStatus() == "AVAILABLE"
		})
	}

	id, body := form.consumer(p, service)
	call(p.report, "CreatePrivateEndpoint "+says,
		services.CreatePrivateEndpoint(p.ctx, p.groupID, form.provider, made.GetId(), body).Execute)
	p.until(id+" being AVAILABLE", func() bool {
		found := call(p.report, "GetPrivateEndpoint "+says,
			services.GetPrivateEndpoint(p.ctx, p.groupID, form.provider, id, made.GetId()).Execute)
		want(p.report, "cloudProvider of "+id, found.CloudProvider, form.provider)
		want(p.report, "errorMessage of "+id, found.GetErrorMessage(), "")
		return found.GetConnectionStatus() == "AVAILABLE" || found.GetStatus() == "AVAILABLE"
	})
	p.idle()
	if form.provider == "AWS" {
		cluster := call(p.report, "GetCluster with an endpoint", p.sdk.ClustersApi.GetCluster(p.ctx, p.groupID, clusterName).Execute)
		strings := cluster.ConnectionStrings.GetPrivateEndpoint()
		want(p.report, "private connection strings", len(strings), 1)
		want(p.report, "endpoint of the string", strings[0].GetEndpoints()[0].GetEndpointId(), id)
	}
	if _, err := services.DeletePrivateEndpointService(p.ctx, p.groupID, form.provider, made.GetId()).Execute(); err == nil {
		p.fault("%s: a service with an endpoint was deleted", says)
	} else if known, _ := admin.AsError(err); known == nil || known.Error != http.StatusConflict {
		p.fault("%s: deleting a service with an endpoint: %v", says, err)
	}
	done(p.report, "DeletePrivateEndpoint "+says,
		services.DeletePrivateEndpoint(p.ctx, p.groupID, form.provider, id, made.GetId()).Execute)
	// Its last endpoint takes the service along.
	p.until(says+" being gone", func() bool {
		_, _, err := services.GetPrivateEndpointService(p.ctx, p.groupID, form.provider, made.GetId()).Execute()
		return admin.IsErrorCode(err, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
	})
	p.idle()
}
