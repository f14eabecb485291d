# A name from an object is literal in every cmdlet, even if it is a wildcard. A typed * means everyone.

BeforeDiscovery {
    # How an object names a user, and what each cmdlet does to that user alone.
    $objects = @(
        @{ Kind = 'of the module'; Object = { Get-PgEdgeUser -Path $file | Where-Object Username -EQ $name } }
        @{ Kind = 'from a CSV file'; Object = { [pscustomobject] @{ Username = $name } } }
        @{ Kind = 'with the property Name'; Object = { [pscustomobject] @{ Name = $name } } }
        @{ Kind = 'with a list of names'; Object = { [pscustomobject] @{ Username = @($name) } } }
        @{
            Kind = 'from another process'
            Object = {
                $user = Get-PgEdgeUser -Path $file | Where-Object Username -EQ $name
                [System.Management.Automation.PSSerializer]::Deserialize(
                    [System.Management.Automation.PSSerializer]::Serialize($user))
            }
        }
    )
    $cases = foreach ($object in $objects) {
        $object + @{ Name = '*' }
    }
    $cases += foreach ($name in '[ab]*', 'a?ice') {
        $objects[0] + @{ Name = $name }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1

    function Get-Disabled {
        (Get-PgEdgeUser -Path $file | Where-Object { -not $_.Enabled }).Username
    }
}

Describe 'The name of an object <Kind>: <Name>' -ForEach $cases {
    BeforeEach {
        $file = New-UserFile
        Edit-UserFile $file '    charlie:' "    `"$name`":"
        Edit-UserFile $file 'enabled: false' 'enabled: true'
        $user = & $Object
    }

    It 'is literal in <_>' -ForEach @(
        'Get-PgEdgeUser', 'Disable-PgEdgeUser', 'Set-PgEdgeUser', 'Rename-PgEdgeUser', 'Remove-PgEdgeUser'
        'Copy-PgEdgeUser', 'Sync-PgEdgeUser'
    ) {
        switch ($_) {
            'Get-PgEdgeUser' {
                ($user | Get-PgEdgeUser -Path $file).Username | Should -Be $name
            }
            'Disable-PgEdgeUser' {
                $user | Disable-PgEdgeUser -Path $file
                Get-Disabled | Should -Be $name
            }
            'Set-PgEdgeUser' {
                $user | Set-PgEdgeUser -Annotation Piped -Path $file
                (Get-PgEdgeUser -Path $file | Where-Object Annotation -EQ Piped).Username | Should -Be $name
            }
            'Rename-PgEdgeUser' {
                $user | Rename-PgEdgeUser -NewName dora -Path $file
                (Get-PgEdgeUser -Path $file).Username | Should -Be alice, bob, dora
            }
            'Copy-PgEdgeUser' {
                $user | Copy-PgEdgeUser -Destination "$file.copy" -Path $file
                (Get-PgEdgeUser -Path "$file.copy").Username | Should -Be $name
            }
            'Sync-PgEdgeUser' {
                $result = $user | Sync-PgEdgeUser -Missing Disable -Path $file -Force
                ($result | Where-Object InRoster).Username | Should -Be $name
                Get-Disabled | Should -Be alice, bob
            }
            'Remove-PgEdgeUser' {
                $user | Remove-PgEdgeUser -Confirm:$false -Path $file
                (Get-PgEdgeUser -Path $file).Username | Should -Be alice, bob
            }
        }
    }

    It 'is literal for the history, the audit events and the sessions of users' {
        Disable-PgEdgeUser alice, bob -Path $file
        $user | Disable-PgEdgeUser -Path $file
        $null = New-PgEdgeSession (New-Login alice) -Path $file -ErrorAction Ignore

        ($user | Get-PgEdgeUserHistory -Path $file).Username | Should -Be $name
        ($user | Get-PgEdgeAuditEvent -Path $file).Username | Should -Be $name
        $user | Get-PgEdgeSession -Path $file | Should -BeNullOrEmpty
    }
}

Describe 'A typed name' {
    BeforeEach {
        $file = New-UserFile
        Edit-UserFile $file 'enabled: false' 'enabled: true'
    }

    It 'that is * means everyone, even if a user has that name: <_>' -ForEach @(
        { Disable-PgEdgeUser * -Path $file }
        { '*' | Disable-PgEdgeUser -Path $file }
        { Disable-PgEdgeUser -Username '*' -Path $file }
    ) {
        Edit-UserFile $file '    charlie:' '    "*":'

        & $_

        Get-Disabled | Sort-Object | Should -Be '*', alice, bob
    }

    It 'that is a wildcard is the name of the user who has exactly that name' {
        Edit-UserFile $file '    charlie:' '    "[ab]*":'

        Disable-PgEdgeUser '[ab]*' -Path $file

        Get-Disabled | Should -Be '[ab]*'
    }

    It 'that is a wildcard means all users that it matches if no user has that name' {
        Disable-PgEdgeUser '[ab]*' -Path $file

        Get-Disabled | Should -Be alice, bob
    }
}
