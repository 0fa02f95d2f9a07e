"""What Prometheus and Grafana are given: the pages about metrics, the dashboards, the alert rules."""
