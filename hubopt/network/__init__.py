"""Where freight can move: geography, the multimodal graph, emissions and routes."""
