# Completion that needs the shell's own cmdlets. That of names, statuses and sessions is tested with the engine alone.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Paths' {
    BeforeAll {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        foreach ($name in 'users.yaml', 'odd [1].yaml', 'folder [x]/in.yml', "it's.yaml", 'other.txt', 'odd [1].jsonl') {
            $null = New-Item (Join-Path $folder $name) -Force
        }
        Push-Location $folder
    }

    AfterAll {
        Pop-Location
    }

    It 'are completed as they are: <Line>' -ForEach @(
        @{ Line = 'Get-PgEdgeUser -Path use'; Path = 'users.yaml' }
        @{ Line = "Disable-PgEdgeUser alice -Path 'use"; Path = 'users.yaml' }
        @{ Line = 'Get-PgEdgeUser -Path odd'; Path = 'odd [1].yaml' }
        @{ Line = 'Get-PgEdgeUser -Path "odd'; Path = 'odd [1].yaml' }
        @{ Line = "Get-PgEdgeUserFile 'odd ["; Path = 'odd [1].yaml' }
        @{ Line = "Test-PgEdgeUserFile -Path 'fold"; Path = 'folder [x]' }
        @{ Line = "Test-PgEdgeUserFile -Path 'folder [x]/"; Path = 'folder [x]/in.yml' }
        @{ Line = 'Get-PgEdgeUser -Path it'; Path = "it's.yaml" }
        @{ Line = 'Get-PgEdgeUser -Path oth'; Path = $null }
        @{ Line = 'Get-PgEdgeAuditEvent -AuditPath odd'; Path = 'odd [1].jsonl' }
        @{ Line = 'Disable-PgEdgeUser alice -AuditPath odd'; Path = 'odd [1].jsonl' }
    ) {
        $completions = @((TabExpansion2 $Line $Line.Length).CompletionMatches)

        $completions.Count | Should -Be @($Path).Where({ $_ }).Count
        if ($Path) {
            $argument = [System.Management.Automation.Language.Parser]::ParseInput("x $($completions[0].CompletionText)", [ref] $null, [ref] $null).
                Find({ $args[0] -is [System.Management.Automation.Language.StringConstantExpressionAst] -and $args[0].Value -ne 'x' }, $true).Value
            $argument | Should -Be (Join-Path . $Path)
        }
    }
}
