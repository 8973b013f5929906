"""Cases looked up in Dynamics 365, by the Dataverse Web API (OData 4)."""
