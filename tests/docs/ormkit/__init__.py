"""The models of OrmKit's examples, in the three styles: what the text around the examples takes for granted."""
