# A module as it is used in production: the endpoint service, the VPC endpoint of the consumer, and the two put together.

terraform {
  required_version = ">= 1.7"
  required_providers {
    mongodbatlas = { source = "mongodb/mongodbatlas" }
    aws          = { source = "hashicorp/aws" }
  }
}

variable "project_id" { type = string }
variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }

resource "mongodbatlas_privatelink_endpoint" "this" {
  project_id    = var.project_id
  provider_name = "AWS"
  region        = "us-east-1"
}

resource "aws_vpc_endpoint" "this" {
  vpc_id            = var.vpc_id
  service_name      = mongodbatlas_privatelink_endpoint.this.endpoint_service_name
  vpc_endpoint_type = "Interface"
  subnet_ids        = var.subnet_ids
}

resource "mongodbatlas_privatelink_endpoint_service" "this" {
  project_id          = var.project_id
  private_link_id     = mongodbatlas_privatelink_endpoint.this.private_link_id
  endpoint_service_id = aws_vpc_endpoint.this.id
  provider_name       = "AWS"
}
