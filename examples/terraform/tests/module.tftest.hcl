# AWS is played by Terraform; MongoDB Atlas is Postern, which takes in the VPC endpoint that nobody made there.

mock_provider "aws" {
  mock_resource "aws_vpc_endpoint" {
    defaults = { id = "vpce-0123456789abcdef0" }
  }
}

variables {
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-0123456789abcdef0"]
}

run "the_endpoint_is_attached" {
  assert {
    condition     = mongodbatlas_privatelink_endpoint_service.this.aws_connection_status == "AVAILABLE"
    error_message = "The endpoint is not AVAILABLE."
  }
}
