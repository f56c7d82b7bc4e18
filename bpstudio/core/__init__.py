"""The pure heart: gates, graphs, plans and traces. Knows numpy and networkx, no Qt."""
