package main

import (
	"net/http"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

const clusterName = "GoCluster"

func replicaSet(name, size string) *admin.ClusterDescription20240805 {
	return &admin.ClusterDescription20240805{
		Name: to(name), ClusterType: to("REPLICASET"),
		ReplicationSpecs: &[]admin.ReplicationSpec20240805{{RegionConfigs: &[]admin.CloudRegionConfig20240805{{
			ProviderName: to("AWS"), RegionName: to("EU_WEST_1"), Priority: to(7),
			ElectableSpecs: &admin.HardwareSpec20240805{InstanceSize: to(size), NodeCount: to(3)},
		}}}},
	}
}

func (p *program) idle() {
	p.until(clusterName+" being IDLE", func() bool {
		cluster, _, err := p.sdk.ClustersApi.GetCluster(p.ctx, p.groupID, clusterName).Execute()
		return err == nil && cluster.GetStateName() == "IDLE"
	})
}

func (p *program) clusters() {
	clusters := p.sdk.ClustersApi
	made := call(p.report, "CreateCluster", clusters.CreateCluster(p.ctx, p.groupID, replicaSet(clusterName, "M10")).Execute)
	want(p.report, "CreateCluster stateName", made.GetStateName(), "CREATING")
	refused(p.report, "CreateCluster twice", http.StatusBadRequest, "DUPLICATE_CLUSTER_NAME",
		clusters.CreateCluster(p.ctx, p.groupID, replicaSet(clusterName, "M10")).Execute)
	p.idle()
	call(p.report, "GetCluster", clusters.GetCluster(p.ctx, p.groupID, clusterName).UseEffectiveInstanceFields(true).Execute)
	listed := call(p.report, "ListClusters", clusters.ListClusters(p.ctx, p.groupID).Execute)
	want(p.report, "ListClusters totalCount", listed.GetTotalCount(), 1)
	call(p.report, "ListClusterDetails", clusters.ListClusterDetails(p.ctx).Execute)
	call(p.report, "GetClusterStatus", clusters.GetClusterStatus(p.ctx, p.groupID, clusterName).Execute)
	call(p.report, "ListClusterProviderRegions", clusters.ListClusterProviderRegions(p.ctx, p.groupID).
		Providers([]string{"AWS", "AZURE"}).Tier("M10").Execute)
	call(p.report, "AutoScalingConfiguration", clusters.AutoScalingConfiguration(p.ctx, p.groupID, clusterName).Execute)
	args := call(p.report, "GetProcessArgs", clusters.GetProcessArgs(p.ctx, p.groupID, clusterName).Execute)
	args.JavascriptEnabled = to(!args.GetJavascriptEnabled())
	changed := call(p.report, "UpdateProcessArgs", clusters.UpdateProcessArgs(p.ctx, p.groupID, clusterName, args).Execute)
	want(p.report, "javascriptEnabled", changed.GetJavascriptEnabled(), args.GetJavascriptEnabled())
	p.idle()
	grown := call(p.report, "UpdateCluster", clusters.UpdateCluster(p.ctx, p.groupID, clusterName, &admin.ClusterDescription20240805{
		Tags: &[]admin.ResourceTag{{Key: "made-by", Value: "go-sdk"}}, TerminationProtectionEnabled: to(true),
	}).Execute)
	want(p.report, "UpdateCluster protection", grown.GetTerminationProtectionEnabled(), true)
	p.idle()
	if _, err := clusters.DeleteCluster(p.ctx, p.groupID, clusterName).Execute(); !admin.IsErrorCode(err, "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED") {
		p.fault("DeleteCluster under protection: %v", err)
	}
	call(p.report, "UpdateCluster", clusters.UpdateCluster(p.ctx, p.groupID, clusterName,
		&admin.ClusterDescription20240805{TerminationProtectionEnabled: to(false)}).Execute)
	p.idle()
	done(p.report, "RestartPrimaries", clusters.RestartPrimaries(p.ctx, p.groupID, clusterName).Execute)
	p.idle()
	refused(p.report, "GetCluster unknown", http.StatusNotFound, "CLUSTER_NOT_FOUND",
		clusters.GetCluster(p.ctx, p.groupID, "Nowhere").Execute)

	flex := p.sdk.FlexClustersApi
	call(p.report, "CreateFlexCluster", flex.CreateFlexCluster(p.ctx, p.groupID, &admin.FlexClusterDescriptionCreate20241113{
		Name:             "GoFlex",
		ProviderSettings: admin.FlexProviderSettingsCreate20241113{BackingProviderName: "AWS", RegionName: "US_EAST_1"},
	}).Execute)
	p.until("GoFlex being IDLE", func() bool {
		found, _, err := flex.GetFlexCluster(p.ctx, p.groupID, "GoFlex").Execute()
		return err == nil && found.GetStateName() == "IDLE"
	})
	call(p.report, "GetFlexCluster", flex.GetFlexCluster(p.ctx, p.groupID, "GoFlex").Execute)
	call(p.report, "ListFlexClusters", flex.ListFlexClusters(p.ctx, p.groupID).Execute)
	call(p.report, "UpdateFlexCluster", flex.UpdateFlexCluster(p.ctx, p.groupID, "GoFlex", &admin.FlexClusterDescriptionUpdate20241113{
		Tags: &[]admin.ResourceTag{{Key: "made-by", Value: "go-sdk"}},
	}).Execute)
	refused(p.report, "GetCluster of a flex cluster", http.StatusBadRequest, "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
		clusters.GetCluster(p.ctx, p.groupID, "GoFlex").Execute)
	refused(p.report, "GetFlexCluster of another", http.StatusBadRequest, "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
		flex.GetFlexCluster(p.ctx, p.groupID, clusterName).Execute)
}

func (p *program) deleteClusters() {
	done(p.report, "DeleteCluster", p.sdk.ClustersApi.DeleteCluster(p.ctx, p.groupID, clusterName).Execute)
	done(p.report, "DeleteFlexCluster", p.sdk.FlexClustersApi.DeleteFlexCluster(p.ctx, p.groupID, "GoFlex").Execute)
	p.until("clusters being gone", func() bool {
		_, _, err := p.sdk.ClustersApi.GetCluster(p.ctx, p.groupID, clusterName).Execute()
		_, _, errOfFlex := p.sdk.FlexClustersApi.GetFlexCluster(p.ctx, p.groupID, "GoFlex").Execute()
		return admin.IsErrorCode(err, "CLUSTER_NOT_FOUND") && errOfFlex != nil
	})
}
